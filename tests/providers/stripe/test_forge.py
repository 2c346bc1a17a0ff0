"""Forged events look real, and leave nothing behind."""

import json

import pytest

from badgateway.scenario.language import EVENTS


def forged(account, name="payment.succeeded"):
    return account.dialect.forge(name, 1, "o1", 4999, "EUR", account)


def test_a_forged_success_is_about_the_order_s_own_payment(client, account):
    intent = client.payment_intents.create(
        {"amount": 4999, "currency": "eur", "metadata": {"order": "o1"}, "payment_method": "pm_card_visa"}
    )

    event = forged(account)
    shown = json.loads(event.body)["data"]["object"]

    assert (event.wire_type, event.name, event.facts) == ("payment_intent.succeeded", "payment.succeeded", ())
    assert (shown["id"], shown["status"], shown["amount_received"]) == (intent.id, "succeeded", 4999)
    assert shown["metadata"] == {"order": "o1"}
    assert set(shown) == set(intent.to_dict())


def test_without_a_payment_one_is_made_up(account):
    event = forged(account)
    shown = json.loads(event.body)["data"]["object"]

    assert shown["metadata"]["order"] == "o1"
    assert (shown["amount"], shown["currency"]) == (4999, "eur")
    assert account.book.payment(shown["id"]) is None


@pytest.mark.parametrize("name", [name for name in EVENTS if not name.startswith("payout")])
def test_each_name_can_be_forged(paid, account, name):
    paid(capture_method="manual")
    before = account.book.payments(), len(account.book.ledger), list(account.told)

    event = forged(account, name)

    assert event.name == name
    assert (account.book.payments(), len(account.book.ledger), account.told) == before


def test_a_forged_event_cannot_be_asked_for(account, ask):
    event = forged(account)

    status, _ = ask("GET", f"/v1/events/{event.id}")

    assert status == 404
