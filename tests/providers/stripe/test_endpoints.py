"""Webhook endpoints, driven by the official SDK, and which events they are told of."""

import json

import pytest
import stripe

from badgateway.providers.stripe.registrations import is_wanted

HOOK = "http://127.0.0.1:9/hook"


def test_the_secret_is_shown_once(client):
    made = client.webhook_endpoints.create({"url": HOOK, "enabled_events": ["*"], "metadata": {"k": "v"}})

    assert made.secret.startswith("whsec_")
    assert (made.status, made.enabled_events) == ("enabled", ["*"])
    assert "secret" not in client.webhook_endpoints.retrieve(made.id)
    assert "secret" not in client.webhook_endpoints.list().data[0]


def test_an_endpoint_is_changed_and_taken_away(client):
    made = client.webhook_endpoints.create({"url": HOOK, "enabled_events": ["charge.failed"]})
    changed = client.webhook_endpoints.update(
        made.id, {"url": f"{HOOK}/2", "enabled_events": ["charge.captured"], "disabled": True}
    )
    gone = client.webhook_endpoints.delete(made.id)

    assert (changed.url, changed.enabled_events, changed.status) == (
        f"{HOOK}/2",
        ["charge.captured"],
        "disabled",
    )
    assert gone.deleted is True
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.webhook_endpoints.retrieve(made.id)
    assert refused.value.code == "resource_missing"


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"url": "shop.example", "enabled_events": ["*"]}, "url"),
        ({"url": HOOK, "enabled_events": ["everything"]}, "enabled_events"),
        ({"url": HOOK}, "enabled_events"),
    ],
)
def test_what_is_no_endpoint_is_refused(client, params, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.webhook_endpoints.create(params)

    assert refused.value.param == param


def test_there_are_sixteen_at_most(client):
    for _ in range(16):
        client.webhook_endpoints.create({"url": HOOK, "enabled_events": ["*"]})

    with pytest.raises(stripe.InvalidRequestError):
        client.webhook_endpoints.create({"url": HOOK, "enabled_events": ["*"]})


def test_an_address_hears_of_what_it_was_registered_for(client, account):
    assert is_wanted("charge.failed", HOOK, account)
    made = client.webhook_endpoints.create({"url": HOOK, "enabled_events": ["charge.captured"]})

    assert is_wanted("charge.captured", HOOK, account)
    assert not is_wanted("charge.failed", HOOK, account)
    assert is_wanted("charge.failed", "https://other.example/", account)
    client.webhook_endpoints.update(made.id, {"disabled": True})
    assert not is_wanted("charge.captured", HOOK, account)


def test_an_event_counts_the_endpoints_that_want_it_and_have_not_taken_it(account, client, paid):
    account.webhook_url = "http://127.0.0.1:9/own"
    for url, wanted in ((HOOK, "*"), (f"{HOOK}/2", "charge.failed"), (account.webhook_url, "*")):
        client.webhook_endpoints.create({"url": url, "enabled_events": [wanted]})
    client.webhook_endpoints.create({"url": f"{HOOK}/3", "enabled_events": ["*"]})
    event = paid_event(account, client)

    counts = [event.pending_webhooks]
    for endpoint in (None, "we_2", "we_2", "we_3"):
        account.dialect.acknowledged(account.told[-1], endpoint, account)
        counts.append(client.events.retrieve(event.id).pending_webhooks)

    assert counts == [3, 2, 1, 1, 0]
    assert [one.id for one in client.events.list({"delivery_success": True})] == [event.id]
    assert event.id not in [one.id for one in client.events.list({"delivery_success": False})]


def paid_event(account, client):
    """Pay once more, and give the last event of it as it was sent."""
    client.payment_intents.create(
        {"amount": 900, "currency": "eur", "payment_method": "pm_card_visa", "confirm": True}
    )
    return stripe.Event.construct_from(json.loads(account.told[-1].body), "sk")
