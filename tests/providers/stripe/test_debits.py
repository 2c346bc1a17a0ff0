"""Debits of accounts in euro, driven by the official SDK."""

import json

import pytest
import stripe

from badgateway.payments.commands import Clear
from badgateway.providers.stripe.debits import EURO_ACCOUNTS, NO_IBAN, NOBODYS, iban_stand_in


def debited(client, **data):
    return client.payment_intents.create(
        {
            "amount": 2000,
            "currency": "eur",
            "confirm": True,
            "payment_method_types": ["sepa_debit"],
            "payment_method_data": {
                "type": "sepa_debit",
                "billing_details": {"name": "Ada", "email": "ada@shop.example"},
                "sepa_debit": data,
            },
        }
    )


@pytest.mark.parametrize("card", EURO_ACCOUNTS.values(), ids=lambda card: card.token)
def test_every_test_number_has_right_check_digits_and_is_known_by_it(card):
    spaced = " ".join(card.number[at : at + 4] for at in range(0, len(card.number), 4))

    assert iban_stand_in(spaced.lower()) == card.token
    assert iban_stand_in(card.number[:2] + "00" + card.number[4:]) == NO_IBAN


def test_other_ibans_are_nobodys():
    assert iban_stand_in("GB82 WEST 1234 5698 7654 32") == NOBODYS


@pytest.mark.parametrize(
    ("iban", "is_paid", "code"),
    [
        ("AT61 1904 3002 3457 3201", True, None),
        ("GB82WEST12345698765432", True, None),
        ("DE62370400440532013001", False, "payment_intent_payment_attempt_failed"),
        ("LU900010000002222227", False, "insufficient_funds"),
    ],
)
def test_a_debit_is_paid_or_fails_days_later(client, account, iban, is_paid, code):
    intent = debited(client, iban=iban)
    account.clock.advance(4 * 86_400_000)
    account.book.run_due()

    after = client.payment_intents.retrieve(intent.id, {"expand": ["latest_charge", "payment_method"]})
    shown = after.latest_charge.payment_method_details.sepa_debit

    assert (intent.status, after.status) == (
        "processing",
        "succeeded" if is_paid else "requires_payment_method",
    )
    assert (after.last_payment_error.code if code else None) == code
    assert shown.last4 in {"3201", "3000", "3001", "2227"}
    assert iban.replace(" ", "") not in json.dumps(after.to_dict())


def test_what_is_no_iban_is_refused_by_its_path(client):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        debited(client, iban="DE00370400440532013000")

    assert refused.value.param == "payment_method_data[sepa_debit][iban]"


def test_euro_accounts_pay_in_euro(paid):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        paid(card="pm_success_de", currency="usd")

    assert refused.value.code == "payment_method_currency_mismatch"


def test_a_disputed_debit_is_lost_as_soon_as_it_was_paid(paid, client, account):
    intent = paid(card="pm_disputed_nl")
    account.act(Clear(intent.id))

    (dispute,) = client.disputes.list({"payment_intent": intent.id}).data
    assert (dispute.status, dispute.reason) == ("lost", "debit_not_authorized")


def test_an_account_is_saved_for_later(client):
    customer = client.customers.create()
    setup = client.setup_intents.create(
        {
            "customer": customer.id,
            "confirm": True,
            "payment_method_types": ["sepa_debit"],
            "payment_method": "pm_success_de",
        }
    )

    (kept,) = client.customers.payment_methods.list(customer.id, {"type": "sepa_debit"}).data
    assert (setup.status, kept.id) == ("succeeded", setup.payment_method)
    assert kept.sepa_debit.country == "DE"
