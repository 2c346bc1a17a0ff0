"""How long a hold lasts, what may be taken beyond it and in how many parts, driven by the official SDK."""

import pytest
import stripe

STARTED_S = 1_700_000_000
DAY_S, HOUR_S = 86_400, 3_600
WEEK_S, FIVE_DAYS_S = 7 * DAY_S, 4 * DAY_S + 18 * HOUR_S


def wishes(*names):
    return {"card": {f"request_{name}": "if_available" for name in names}}


def card_of(client, intent):
    return client.charges.retrieve(intent.latest_charge).payment_method_details.card


@pytest.mark.parametrize(
    ("card", "options", "lasts_s"),
    [
        ("pm_card_visa", {}, WEEK_S),
        ("pm_card_visa", {"off_session": True}, FIVE_DAYS_S),
        ("pm_card_mastercard", {"off_session": True}, WEEK_S),
        (
            "pm_card_visa",
            {"payment_method_options": wishes("extended_authorization")},
            29 * DAY_S + 18 * HOUR_S,
        ),
        ("pm_card_amex", {"payment_method_options": wishes("extended_authorization")}, 30 * DAY_S),
        ("pm_card_jcb", {"payment_method_options": wishes("extended_authorization")}, WEEK_S),
    ],
)
def test_a_hold_lasts_as_long_as_its_brand_and_its_kind_say(paid, client, account, card, options, lasts_s):
    held = paid(card=card, capture_method="manual", **options)

    shown = card_of(client, held)
    account.clock.advance((lasts_s - 1) * 1000)
    account.book.run_due()
    before = client.payment_intents.retrieve(held.id).status
    account.clock.advance(1000)
    account.book.run_due()
    account.tell()

    assert shown.capture_before == STARTED_S + lasts_s
    assert shown.extended_authorization.status == ("enabled" if lasts_s > WEEK_S else "disabled")
    assert (before, client.payment_intents.retrieve(held.id).status) == ("requires_capture", "canceled")


def test_what_was_not_asked_for_is_not_available(paid, client):
    shown = card_of(client, paid(capture_method="manual"))

    assert shown.overcapture.to_dict() == {"maximum_amount_capturable": 4999, "status": "unavailable"}
    assert shown.multicapture.status == shown.incremental_authorization.status == "unavailable"


def test_a_visa_hold_is_captured_by_fifteen_percent_more(paid, client, account):
    held = paid(amount=2000, capture_method="manual", payment_method_options=wishes("overcapture"))
    shown = card_of(client, held)
    account.types()

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.payment_intents.capture(held.id, {"amount_to_capture": 2301})
    done = client.payment_intents.capture(held.id, {"amount_to_capture": 2300})

    charge = client.charges.retrieve(done.latest_charge)
    assert shown.overcapture.to_dict() == {"maximum_amount_capturable": 2300, "status": "available"}
    assert (refused.value.code, refused.value.param) == ("amount_too_large", "amount_to_capture")
    assert (done.status, done.amount, done.amount_received, done.amount_capturable) == (
        "succeeded",
        2000,
        2300,
        0,
    )
    assert (charge.amount, charge.amount_captured) == (2000, 2300)
    assert account.types() == ["charge.captured", "payment_intent.succeeded"]
    assert sum(sum(amount for _, amount in one.postings) for one in account.book.ledger.since(0)) == 0


def test_what_was_captured_beyond_a_hold_can_be_given_back_whole(paid, client):
    held = paid(amount=2000, capture_method="manual", payment_method_options=wishes("overcapture"))
    client.payment_intents.capture(held.id, {"amount_to_capture": 2300})

    refund = client.refunds.create({"payment_intent": held.id})

    assert (refund.amount, client.charges.retrieve(held.latest_charge).refunded) == (2300, True)


def test_other_brands_are_not_captured_beyond_their_hold(paid, client):
    options = wishes("overcapture")
    held = paid(card="pm_card_mastercard", capture_method="manual", payment_method_options=options)

    assert card_of(client, held).overcapture.status == "unavailable"
    with pytest.raises(stripe.InvalidRequestError):
        client.payment_intents.capture(held.id, {"amount_to_capture": 5000})


def test_several_captures_are_for_who_asked_for_them(paid, client):
    held = paid(capture_method="manual")

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.payment_intents.capture(held.id, {"amount_to_capture": 1, "final_capture": False})

    assert refused.value.param == "final_capture"


def test_the_fiftieth_capture_is_the_last(paid, client):
    held = paid(capture_method="manual", payment_method_options=wishes("multicapture"))
    for _ in range(49):
        client.payment_intents.capture(held.id, {"amount_to_capture": 10, "final_capture": False})

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.payment_intents.capture(held.id, {"amount_to_capture": 10, "final_capture": False})
    done = client.payment_intents.capture(held.id, {"amount_to_capture": 10})

    assert refused.value.param == "final_capture"
    assert (done.status, done.amount_received) == ("succeeded", 500)


def test_an_intent_that_was_confirmed_in_vain_ten_times_is_cancelled_by_the_eleventh(client, account):
    made = client.payment_intents.create({"amount": 500, "currency": "eur"})
    for _ in range(10):
        with pytest.raises(stripe.CardError):
            client.payment_intents.confirm(made.id, {"payment_method": "pm_card_chargeDeclined"})
    account.types()

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.payment_intents.confirm(made.id, {"payment_method": "pm_card_visa"})

    ended = client.payment_intents.retrieve(made.id)
    assert refused.value.code == "payment_intent_unexpected_state"
    assert (ended.status, ended.cancellation_reason, ended.amount_received) == ("canceled", "automatic", 0)
    assert account.types() == ["payment_intent.canceled"]
