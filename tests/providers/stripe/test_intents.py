"""Payment intents, driven by the official SDK."""

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from badgateway.ground.records import changed
from badgateway.payments.commands import Authenticate
from badgateway.providers.stripe import intents
from badgateway.providers.stripe.methods import OFF_SESSION


def test_a_confirmed_intent_is_paid_at_once(paid, account):
    intent = paid()

    assert (intent.status, intent.amount_received, intent.currency) == ("succeeded", 4999, "eur")
    assert intent.latest_charge.startswith("ch_3")
    assert account.book.payment(intent.id).captured_minor == 4999


def test_creating_without_confirming_moves_no_money(client, account):
    intent = client.payment_intents.create({"amount": 500, "currency": "usd"})

    assert (intent.status, intent.latest_charge) == ("requires_payment_method", None)
    assert len(account.book.ledger) == 0


def test_a_method_makes_an_intent_ready_to_be_confirmed(client):
    intent = client.payment_intents.create(
        {"amount": 500, "currency": "usd", "payment_method": "pm_card_visa"}
    )

    confirmed = client.payment_intents.confirm(intent.id)

    assert intent.status == "requires_confirmation"
    assert confirmed.status == "succeeded"
    assert confirmed.payment_method == intent.payment_method


def test_a_manual_capture_holds_first(paid, client):
    held = paid(capture_method="manual")

    done = client.payment_intents.capture(held.id)

    assert (held.status, held.amount_capturable, held.amount_received) == ("requires_capture", 4999, 0)
    assert (done.status, done.amount_capturable, done.amount_received) == ("succeeded", 0, 4999)


def test_a_partial_capture_releases_the_rest(paid, client, account):
    held = paid(capture_method="manual")

    done = client.payment_intents.capture(held.id, {"amount_to_capture": 3000})

    assert (done.status, done.amount, done.amount_received) == ("succeeded", 4999, 3000)
    assert account.book.payment(held.id).held_minor == 0


def test_a_capture_that_is_not_final_leaves_the_rest_held(paid, client):
    held = paid(
        capture_method="manual", payment_method_options={"card": {"request_multicapture": "if_available"}}
    )

    part = client.payment_intents.capture(held.id, {"amount_to_capture": 3000, "final_capture": False})

    assert (part.status, part.amount_capturable, part.amount_received) == ("requires_capture", 1999, 3000)


def test_cancelling_a_hold_shows_it_as_given_back(paid, client):
    held = paid(capture_method="manual")

    done = client.payment_intents.cancel(
        held.id, {"cancellation_reason": "abandoned", "expand": ["latest_charge"]}
    )

    assert (done.status, done.cancellation_reason, done.amount_capturable) == ("canceled", "abandoned", 0)
    assert done.canceled_at == 1_700_000_000
    assert (done.latest_charge.refunded, done.latest_charge.captured) == (True, False)


def test_what_was_made_can_be_retrieved(paid, client):
    made = paid()

    found = client.payment_intents.retrieve(made.id)

    assert found.to_dict() == made.to_dict()


def test_an_update_changes_what_it_names(client):
    made = client.payment_intents.create({"amount": 500, "currency": "usd", "metadata": {"a": "1", "b": "2"}})

    changed = client.payment_intents.update(
        made.id, {"amount": 700, "metadata": {"a": "", "c": "3"}, "payment_method": "pm_card_visa"}
    )

    assert (changed.amount, changed.status) == (700, "requires_confirmation")
    assert changed.metadata.to_dict() == {"b": "2", "c": "3"}


def test_metadata_may_change_after_payment_but_the_amount_may_not(paid, client):
    made = paid()

    changed = client.payment_intents.update(made.id, {"metadata": {"note": "late"}})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.payment_intents.update(made.id, {"amount": 100})

    assert changed.metadata["note"] == "late"
    assert refused.value.code == "payment_intent_unexpected_state"


def test_authentication_is_asked_for_with_a_redirect(paid):
    intent = paid(card="pm_card_authenticationRequired")

    assert intent.status == "requires_action"
    assert intent.next_action.type == "redirect_to_url"
    assert intent.next_action.redirect_to_url.return_url == "https://shop.example/return"
    assert intent.latest_charge is None


def test_a_bank_debit_is_processing(paid):
    intent = paid(card="pm_usBankAccount_success")

    assert intent.status == "processing"
    assert "us_bank_account" in intent.payment_method_types


def test_after_a_decline_another_method_pays_the_same_intent(paid, client):
    with pytest.raises(stripe.CardError) as declined:
        paid(card="pm_card_chargeDeclined")
    failed = client.payment_intents.retrieve(declined.value.error.payment_intent.id)

    changed = client.payment_intents.update(failed.id, {"payment_method": "pm_card_visa"})
    done = client.payment_intents.confirm(failed.id)

    assert (failed.status, failed.payment_method) == ("requires_payment_method", None)
    assert failed.last_payment_error.decline_code == "generic_decline"
    assert changed.status == "requires_confirmation"
    assert (done.status, done.last_payment_error) == ("succeeded", None)


def test_a_second_decline_asks_for_a_method_again(paid, client):
    with pytest.raises(stripe.CardError) as declined:
        paid(card="pm_card_chargeDeclined")
    intent = declined.value.error.payment_intent.id
    client.payment_intents.update(intent, {"payment_method": "pm_card_chargeDeclinedLostCard"})

    with pytest.raises(stripe.CardError) as again:
        client.payment_intents.confirm(intent)

    assert again.value.error.payment_intent.status == "requires_payment_method"
    assert again.value.error.decline_code == "lost_card"
    assert len(client.charges.list({"payment_intent": intent}).data) == 2


def test_nothing_is_confirmed_without_a_method(client):
    made = client.payment_intents.create({"amount": 500, "currency": "usd"})

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.payment_intents.confirm(made.id)

    assert refused.value.code == "payment_intent_unexpected_state"


def test_what_is_said_at_the_confirmation_is_kept(client):
    made = client.payment_intents.create({"amount": 500, "currency": "usd"})

    done = client.payment_intents.confirm(
        made.id, {"payment_method": "pm_card_visa", "receipt_email": "a@example.com"}
    )

    assert (done.status, done.receipt_email) == ("succeeded", "a@example.com")


def test_how_an_intent_is_captured_is_said_when_it_is_created(client):
    made = client.payment_intents.create({"amount": 500, "currency": "usd"})

    same = client.payment_intents.update(made.id, {"capture_method": "automatic_async"})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.payment_intents.update(made.id, {"capture_method": "manual"})

    assert same.status == "requires_payment_method"
    assert refused.value.param == "capture_method"


def test_a_captured_intent_takes_new_metadata(paid, client):
    held = paid(capture_method="manual")

    done = client.payment_intents.capture(held.id, {"metadata": {"parcel": "7"}})

    assert done.metadata.to_dict() == {"order": "o1", "parcel": "7"}


def test_an_order_reference_survives_an_update(paid, client, account):
    made = client.payment_intents.create({"amount": 500, "currency": "usd", "metadata": {"order": "o77"}})

    client.payment_intents.update(made.id, {"description": "another text"})

    assert "o77" in account.book.payment(made.id).order_ref


def test_a_foreign_secret_shows_nothing(paid, client):
    made = paid()

    assert client.payment_intents.retrieve(made.id, {"client_secret": made.client_secret}).id == made.id
    with pytest.raises(stripe.InvalidRequestError):
        client.payment_intents.retrieve(made.id, {"client_secret": "pi_secret_guess"})


@pytest.mark.parametrize(
    ("currency", "amount", "minor"), [("jpy", 4999, 4999), ("kwd", 1230, 1230), ("isk", 500000, 5000)]
)
def test_amounts_are_read_in_the_currency_s_own_way(client, account, currency, amount, minor):
    made = client.payment_intents.create({"amount": amount, "currency": currency})

    assert account.book.payment(made.id).amount_minor == minor
    assert made.amount == amount


def test_with_manual_confirmation_the_shop_confirms_after_the_challenge(client, paid, account):
    intent = paid(card="pm_card_authenticationRequired", confirmation_method="manual")
    account.told.clear()
    account.act(Authenticate(intent.id))
    waiting = client.payment_intents.retrieve(intent.id)
    told = account.types()
    done = client.payment_intents.confirm(intent.id)

    assert (waiting.status, waiting.next_action, told) == ("requires_confirmation", None, [])
    assert (done.status, account.types()) == ("succeeded", ["charge.succeeded", "payment_intent.succeeded"])


@pytest.mark.parametrize(
    ("card", "line", "postal_code", "cvc"),
    [
        ("pm_card_visa", None, None, "pass"),
        ("pm_card_avsFail", "fail", "fail", "pass"),
        ("pm_card_avsLine1Fail", "fail", "pass", "pass"),
        ("pm_card_avsZipFail", "pass", "fail", "pass"),
        ("pm_card_avsUnchecked", "unavailable", "unavailable", "pass"),
        ("pm_card_cvcCheckFail", None, None, "fail"),
    ],
)
def test_a_charge_shows_what_the_issuer_said_of_address_and_code(client, paid, card, line, postal_code, cvc):
    charge = client.charges.retrieve(paid(card=card).latest_charge)

    assert charge.payment_method_details.card.checks.to_dict() == {
        "address_line1_check": line,
        "address_postal_code_check": postal_code,
        "cvc_check": cvc,
    }


@pytest.mark.parametrize(
    ("card", "risk"), [("pm_card_riskLevelElevated", "elevated"), ("pm_card_riskLevelHighest", "highest")]
)
def test_a_risky_charge_goes_through_and_says_so(client, paid, card, risk):
    charge = client.charges.retrieve(paid(card=card).latest_charge)

    assert (charge.status, charge.outcome.risk_level) == ("succeeded", risk)


DETAILS = {
    OFF_SESSION: st.booleans(),
    "fresh_method": st.just("pm_1"),
    "receipt_email": st.sampled_from([None, "a@example.com"]),
    "return_url": st.just("https://a.example"),
    "amount_details": st.none(),
}
PARAMS = {
    "receipt_email": st.sampled_from([None, "a@example.com", "b@example.com"]),
    "return_url": st.just("https://a.example"),
    "amount_details": st.none(),
    "client_secret": st.just("secret"),
}


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    old=st.fixed_dictionaries({}, optional=DETAILS),
    params=st.fixed_dictionaries({}, optional=PARAMS),
    is_alone=st.booleans(),
)
def test_details_are_changed_where_a_confirmation_says_something_new(new_account, old, params, is_alone):
    """Nothing is compared where nothing can be different; that makes no difference."""
    payment = changed(new_account().book.payments()[0], details=old)
    told = {name: value for name, value in params.items() if name != "client_secret"}
    expected = {**{name: value for name, value in old.items() if name != "fresh_method"}, **told}
    expected[OFF_SESSION] = is_alone

    assert intents._confirmed(payment, params, is_alone=is_alone) == (None if expected == old else expected)
