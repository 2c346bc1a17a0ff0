"""No webhook that the reference acts upon is without its pact."""

import json
from pathlib import Path

import pytest
import yaml

from badgateway.reference.adyen.mirror import Fact
from badgateway.reference.adyen.notifications import read_notice as read_notification
from badgateway.reference.notice import read_notice

ROOT = Path(__file__).parents[2]
PACTS = ROOT / "contracts" / "provider" / "pacts"
OBJECTS = {"PaymentIntent": "payment_intent", "Charge": "charge", "Refund": "refund", "Dispute": "dispute"}
# What Adyen tells of requests that the reference never makes, so that no payment of it ever gets there.
NEVER_ASKED = {
    "CANCEL_OR_REFUND": "a reversal, where it is left to Adyen whether that is a cancel or a refund",
    "TECHNICAL_CANCEL": "a cancel by the merchant's reference",
}


def document_of(provider):
    """Give a provider's document."""
    path = ROOT / "specs" / "providers" / f"{provider}.openapi.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def promised(provider):
    """Give the body of each message in the pact with a provider."""
    pact = json.loads((PACTS / f"reference-{provider}-webhooks.json").read_text(encoding="utf-8"))
    return [one["contents"]["content"] for one in pact["interactions"]]


def is_acted_upon(webhook, kind):
    """Say whether the reference looks something up because of such an event of Stripe's."""
    content = webhook["post"]["requestBody"]["content"]["application/json"]["schema"]
    (own,) = (part for part in content["allOf"] if "properties" in part)
    shown = own["properties"]["data"]["properties"]["object"]["$ref"].rpartition("/")[2]
    event = {"id": "evt_1", "type": kind, "data": {"object": {"object": OBJECTS.get(shown, shown)}}}
    return read_notice(event).is_relevant


def test_every_webhook_that_the_reference_acts_upon_has_its_pact():
    webhooks = document_of("stripe")["webhooks"]
    wanted = {kind for kind, webhook in webhooks.items() if is_acted_upon(webhook, kind)}

    assert {body["type"] for body in promised("stripe")} == wanted


def test_every_notification_that_the_reference_acts_upon_has_its_pact():
    facts = [
        Fact(code, "B" * 16, "A" * 16, "o1.1", True, 1, "EUR") for code in document_of("adyen")["webhooks"]
    ]
    wanted = {fact.code for fact in facts if read_notification(fact, "main", is_live=False).is_relevant}

    items = [
        one["NotificationRequestItem"] for body in promised("adyen") for one in body["notificationItems"]
    ]

    assert {item["eventCode"] for item in items} == wanted - set(NEVER_ASKED)
    assert set(NEVER_ASKED) <= wanted


@pytest.mark.parametrize("code", ["AUTHORISATION", "REFUND"])
def test_good_and_bad_outcomes_are_both_promised(code):
    items = [
        one["NotificationRequestItem"] for body in promised("adyen") for one in body["notificationItems"]
    ]

    assert {item["success"] for item in items if item["eventCode"] == code} == {"true", "false"}


def test_every_event_of_the_orchestrator_has_its_pact():
    document = yaml.safe_load((ROOT / "specs" / "internal.openapi.yaml").read_text(encoding="utf-8"))
    path = ROOT / "contracts" / "internal" / "pacts" / "reference-euler-webhooks.json"
    pact = json.loads(path.read_text(encoding="utf-8"))

    bodies = [one["contents"]["content"] for one in pact["interactions"]]

    assert {body["event_name"] for body in bodies} == set(document["webhooks"])
