"""What is changed on a method, a charge or a refund is told, with what it was before."""

import json

import pytest

INTENT = "amount=500&currency=usd&confirm=true&payment_method=pm_card_visa"


@pytest.fixture
def made(ask):
    """Make a charge, a refund of it and its payment method; give their addresses."""
    _, intent = ask("POST", "/v1/payment_intents", INTENT)
    _, refund = ask("POST", "/v1/refunds", f"payment_intent={intent['id']}&amount=1")
    return {
        "charge": f"/v1/charges/{intent['latest_charge']}",
        "refund": f"/v1/refunds/{refund['id']}",
        "method": f"/v1/payment_methods/{intent['payment_method']}",
    }


@pytest.mark.parametrize(
    ("what", "kinds"),
    [
        ("charge", ["charge.updated"]),
        ("refund", ["refund.updated", "charge.refund.updated"]),
        ("method", ["payment_method.updated"]),
    ],
)
def test_a_change_is_told_with_what_was_before(ask, account, made, what, kinds):
    account.told.clear()

    ask("POST", made[what], "metadata[a]=1")

    assert account.types() == kinds
    for event in (json.loads(one.body) for one in account.told):
        assert event["data"]["previous_attributes"] == {"metadata": {"a": None}}
        assert event["data"]["object"]["metadata"] == {"a": "1"}


@pytest.mark.parametrize("what", ["charge", "refund", "method"])
def test_what_is_not_changed_is_not_told(ask, account, made, what):
    ask("POST", made[what], "metadata[a]=1")
    account.told.clear()

    ask("POST", made[what], "metadata[a]=1")

    assert account.told == []


def test_a_card_is_good_for_longer(ask, account, made):
    _, shown = ask("POST", made["method"], "card[exp_year]=2039&card[exp_month]=3")

    assert (shown["card"]["exp_year"], shown["card"]["exp_month"]) == (2039, 3)
    assert account.types()[-1] == "payment_method.updated"


def test_a_card_is_not_good_until_a_day_that_is_gone(ask, made):
    status, body = ask("POST", made["method"], "card[exp_year]=2020")

    assert (status, body["error"]["code"]) == (402, "invalid_expiry_year")
