"""The reference library of Standard Webhooks: what it takes for genuine, and what not."""

import json
import os
import urllib.request

import inbox
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

library = Webhook(os.environ["STANDARD_WEBHOOK_SECRET"])


def _ask(path, body):
    headers = {"X-Acme-Key": os.environ["STANDARD_API_KEY"], "Content-Type": "application/json"}
    request = urllib.request.Request(os.environ["STANDARD_URL"] + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read())


@pytest.fixture(scope="module")
def webhook():
    made = _ask("/orders", {"price": {"amount": "49.99", "unit": "EUR"}, "order": "o1"})
    _ask(f"/orders/{made['number']}/pay", {"token": "good"})
    return inbox.told(lambda body: body["what"] == "done")


def test_a_webhook_is_genuine(webhook):
    headers, text = webhook

    assert library.verify(text, headers)["about"]["order"] == "o1"


def test_a_changed_body_is_not(webhook):
    headers, text = webhook

    with pytest.raises(WebhookVerificationError):
        library.verify(text.replace("49.99", "99.99"), headers)


def test_another_id_is_not(webhook):
    headers, text = webhook
    other = {name: "evt_other" if name.lower() == "webhook-id" else value for name, value in headers.items()}

    with pytest.raises(WebhookVerificationError):
        library.verify(text, other)
