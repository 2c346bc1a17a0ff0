"""What we show, held against Stripe's OpenAPI document of 2023-08-16, which stays outside of the project."""

import json
from pathlib import Path

import jsonschema
import pytest
import stripe

from badgateway.payments.commands import OpenDispute

VENDOR = Path(__file__).resolve().parents[4] / "shared" / "vendor" / "stripe"
pytestmark = pytest.mark.conformance


@pytest.fixture(scope="module")
def components():
    """Give the schemas as JSON Schema, in which everything that need not be there may be null."""
    found = json.loads((VENDOR / "stripe-payments-2023-08-16.min.json").read_text())["components"]["schemas"]
    return {"components": {"schemas": {name: plain(schema) for name, schema in found.items()}}}


def plain(schema):
    """Turn OpenAPI's nullable, and what is optional, into JSON Schema."""
    if isinstance(schema, list):
        return [plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: plain(value) for name, value in schema.items() if name != "nullable"}
    if isinstance(made.get("properties"), dict):
        required = schema.get("required") or []
        made["properties"] = {
            name: one if name in required and not schema["properties"][name].get("nullable") else or_null(one)
            for name, one in made["properties"].items()
        }
    return made


def or_null(schema):
    return {"anyOf": [{"type": "null"}, schema]}


def problems(components, name, shown):
    """Give every place where an object is not what its schema says."""
    schema = {"$ref": f"#/components/schemas/{name}", **components}
    found = jsonschema.Draft7Validator(schema).iter_errors(shown)
    return [f"{error.json_path}: {deepest(error).message[:200]}" for error in found]


def deepest(error):
    return min(error.context, key=lambda one: len(one.message)) if error.context else error


def test_intents_and_charges(paid, client, components):
    held = paid(capture_method="manual")
    intents = [
        held,
        client.payment_intents.capture(held.id, {"amount_to_capture": 5}),
        client.payment_intents.cancel(paid(capture_method="manual").id),
        client.payment_intents.create({"amount": 500, "currency": "usd"}),
        paid(card="pm_card_authenticationRequired"),
        paid(card="pm_usBankAccount_success", expand=["latest_charge"]),
        paid(expand=["latest_charge", "payment_method"]),
    ]
    with pytest.raises(stripe.CardError) as declined:
        paid(card="pm_card_chargeDeclined")

    for shown in [*(one.to_dict() for one in intents), declined.value.json_body["error"]["payment_intent"]]:
        assert problems(components, "payment_intent", shown) == []
    assert problems(components, "error", declined.value.json_body) == []
    for charge in client.charges.list().data:
        assert problems(components, "charge", charge.to_dict()) == []


def test_the_rest(paid, client, account, components):
    customer = client.customers.create({"email": "a@example.com", "payment_method": "pm_card_visa"})
    refund = client.refunds.create({"payment_intent": paid().id, "expand": ["charge", "payment_intent"]})
    account.act(OpenDispute("du_1test", paid().id))
    shown = {
        "customer": customer,
        "payment_method": client.customers.payment_methods.list(customer.id).data[0],
        "refund": refund,
        "dispute": client.disputes.retrieve("du_1test"),
    }

    assert {name: problems(components, name, one.to_dict()) for name, one in shown.items()} == {
        name: [] for name in shown
    }
    for event in account.told:
        body = json.loads(event.body)
        assert problems(components, "event", body) == []
        assert problems(components, body["data"]["object"]["object"], body["data"]["object"]) == []


def test_setups_and_the_events_of_shoppers(client, account, components):
    customer = client.customers.create({"email": "a@example.com"}).id
    with pytest.raises(stripe.CardError) as declined:
        client.setup_intents.create({"payment_method": "pm_card_chargeDeclined", "confirm": True})
    made = [
        client.setup_intents.create({"payment_method": method, "confirm": True, "customer": customer})
        for method in ("pm_card_visa", "pm_card_authenticationRequired")
    ]
    client.payment_methods.detach(made[0].payment_method)
    client.customers.update(customer, {"name": "Ada"})
    client.customers.delete(customer)

    for shown in [*(one.to_dict() for one in made), declined.value.json_body["error"]["setup_intent"]]:
        assert problems(components, "setup_intent", shown) == []
    assert problems(components, "error", declined.value.json_body) == []
    assert len(account.told) == 11
    for event in account.told:
        body = json.loads(event.body)
        assert problems(components, "event", body) == []
        assert problems(components, body["data"]["object"]["object"], body["data"]["object"]) == []


def test_sessions_and_what_accounts_have(client, account, paid, components):
    line = {"price_data": {"currency": "eur", "unit_amount": 500, "product_data": {"name": "A book"}}}
    made = client.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": "https://shop.example/done",
            "line_items": [{**line, "quantity": 1}],
            "expand": ["line_items"],
        }
    )
    client.checkout.sessions.expire(made.id)
    account.act(OpenDispute("du_1test", paid().id))
    client.disputes.update("du_1test", {"evidence": {"uncategorized_text": "winning_evidence"}})
    hook = client.webhook_endpoints.create({"url": "http://127.0.0.1:9/", "enabled_events": ["*"]})
    shown = {
        "checkout.session": made,
        "dispute": client.disputes.retrieve("du_1test"),
        "webhook_endpoint": hook,
        "balance": client.balance.retrieve(),
        "deleted_webhook_endpoint": client.webhook_endpoints.delete(hook.id),
    }

    found = {name: problems(components, name, one.to_dict()) for name, one in shown.items()}
    assert found == {name: [] for name in found}
    for event in account.told:
        body = json.loads(event.body)
        kind = body["data"]["object"]["object"]
        assert problems(components, "event", body) == []
        assert problems(components, kind, body["data"]["object"]) == []


def test_the_check_can_fail(paid, components):
    shown = paid().to_dict()

    assert problems(components, "payment_intent", {**shown, "status": "gone"})
    assert problems(components, "payment_intent", {**shown, "amount": None})


def test_balance_transactions(paid, client, account, components):
    refunded = paid(amount=10_000)
    client.refunds.create({"payment_intent": refunded.id, "amount": 500})
    account.act(OpenDispute("du_1test", paid(amount=5_000).id))
    account.book.settlement.settle("act:settle")
    account.book.settlement.adjust(-50, "EUR", "reserve", "act:adjust")
    account.book.settlement.pay_out("act:payout")

    shown = [one.to_dict() for one in client.balance_transactions.list().data]

    assert len(shown) == 6
    assert [problems(components, "balance_transaction", one) for one in shown] == [[]] * 6
