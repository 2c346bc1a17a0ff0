"""No webhook that the reference acts upon is without its pact."""

import json
from pathlib import Path

import yaml

from badgateway.reference.notice import read_notice

ROOT = Path(__file__).parents[2]
PACT = ROOT / "contracts" / "provider" / "pacts" / "reference-stripe-webhooks.json"
DOCUMENT = yaml.safe_load((ROOT / "specs" / "providers" / "stripe.openapi.yaml").read_text(encoding="utf-8"))
OBJECTS = {"PaymentIntent": "payment_intent", "Charge": "charge", "Refund": "refund", "Dispute": "dispute"}


def is_acted_upon(kind):
    """Say whether the reference looks something up because of such an event."""
    content = DOCUMENT["webhooks"][kind]["post"]["requestBody"]["content"]["application/json"]["schema"]
    (own,) = (part for part in content["allOf"] if "properties" in part)
    shown = own["properties"]["data"]["properties"]["object"]["$ref"].rpartition("/")[2]
    event = {"id": "evt_1", "type": kind, "data": {"object": {"object": OBJECTS.get(shown, shown)}}}
    return read_notice(event).is_relevant


def test_every_webhook_that_the_reference_acts_upon_has_its_pact():
    wanted = {kind for kind in DOCUMENT["webhooks"] if is_acted_upon(kind)}

    pact = json.loads(PACT.read_text(encoding="utf-8"))

    assert {one["contents"]["content"]["type"] for one in pact["interactions"]} == wanted
