"""The client of Euler: what an answer proves, what a lost one does not, and what is never done twice."""

from dataclasses import replace

import pytest

from badgateway.payments.commands import Authenticate, FailRefund, OpenDispute
from badgateway.reference.provider import CallFailed
from badgateway.reference.reconciling import Reconciling
from badgateway.reference.states import State


def test_a_payment_is_known_from_its_answer_and_from_the_look_up(route):
    seen = route.pay()

    assert (seen.state, seen.captured_minor, seen.order_reference, seen.attempt_n) == (
        State.SUCCEEDED,
        1000,
        "o1",
        1,
    )
    # A look-up shows how each of Euler's own attempts stands as well.
    assert route.service.provider.payment(seen.provider_id) == replace(seen, tries=(State.SUCCEEDED,))
    assert route.seen == ["POST /txns", "GET /orders/o1A1"]


@pytest.mark.parametrize(
    ("card", "state"),
    [("authentication_required", State.ACTION), ("pending_then_succeeds", State.PROCESSING)],
)
def test_what_is_not_over_is_not_over(route, card, state):
    seen = route.pay(card)

    assert (seen.state, seen.captured_minor) == (state, 0)
    assert (seen.redirect_url is not None) == (state is State.ACTION)
    assert route.service.provider.payment("o1A1") == replace(seen, tries=(state,))


def test_a_refusal_is_a_decline_with_its_code(route):
    with pytest.raises(CallFailed) as declined:
        route.pay("insufficient_funds")

    assert (declined.value.proves, declined.value.code) == ("declined", "51")
    assert declined.value.payment.state is State.FAILED


@pytest.mark.parametrize("card", ["approved", "declined"])
def test_what_was_made_is_looked_up_and_not_made_again(route, card):
    route.spoils.append(("POST", "/txns", "lose"))
    with pytest.raises(CallFailed) as lost:
        route.pay(card)
    try:
        again = route.pay(card).state
    except CallFailed as declined:
        again = declined.payment.state

    assert lost.value.proves == "nothing"
    assert again is (State.SUCCEEDED if card == "approved" else State.FAILED)
    assert len(route.account.book.payments()) == 1


@pytest.mark.parametrize("status", [401, 404, 429])
def test_a_look_that_fails_proves_nothing_of_what_was_asked_for(route, status):
    order_id = route.pay(mode="manual").provider_id
    route.spoils.append(("GET", "/orders", status))
    with pytest.raises(CallFailed) as captured:
        route.capture(order_id)
    route.spoils.append(("GET", "/orders", status))
    with pytest.raises(CallFailed) as paid:
        route.pay(mode="manual")

    assert (captured.value.proves, paid.value.proves) == ("nothing", "nothing")
    assert route.service.provider.payment(order_id).captured_minor == 1000


def test_an_attempt_is_found_by_its_own_name_or_for_sure_not_at_all(route):
    route.pay()
    find = route.service.provider.attempt_of

    assert find("o1", 1, 0, 1000, Reconciling())[0][0].state is State.SUCCEEDED
    assert find("o1", 2, 0, 1000, Reconciling()) == ([], True)
    route.spoils.append(("GET", "/orders/o1A3", 500))
    with pytest.raises(CallFailed):
        find("o1", 3, 0, 1000, Reconciling())


def test_held_money_is_taken_once_however_often_it_is_asked_for(route):
    order_id = route.pay(mode="manual").provider_id
    route.spoils.append(("POST", "/capture", "lose"))
    with pytest.raises(CallFailed) as lost:
        route.capture(order_id, 600)
    seen = route.capture(order_id, 600)

    assert lost.value.proves == "nothing"
    assert (seen.state, seen.captured_minor) == (State.SUCCEEDED, 600)
    assert route.account.book.ledger.since(0)[-1].kind == "void"
    assert [one.captured_minor for one in route.account.book.payments()] == [600]


def test_a_void_that_came_through_is_done(route):
    order_id = route.pay(mode="manual").provider_id
    route.spoils.append(("POST", "/void", "lose"))
    with pytest.raises(CallFailed):
        route.perform("void", {"payment_id": order_id})

    assert route.perform("void", {"payment_id": order_id}).state is State.CANCELLED


def test_what_cannot_be_taken_any_more_is_refused(route):
    order_id = route.pay(mode="manual").provider_id
    route.perform("void", {"payment_id": order_id})

    with pytest.raises(CallFailed) as refused:
        route.capture(order_id)
    assert (refused.value.proves, refused.value.code) == ("refused", "invalid.txn.state")


def test_a_failed_look_before_a_change_means_that_nothing_was_asked_for(route):
    order_id = route.pay(mode="manual").provider_id
    route.service.provider._handles.clear()
    route.spoils.append(("GET", "/orders", 502))

    with pytest.raises(CallFailed) as failed:
        route.capture(order_id)
    assert failed.value.proves == "not_done"
    assert route.account.book.payments()[0].captured_minor == 0


@pytest.mark.parametrize("reference", ["mine", "cancel-1", "r" * 60])
def test_a_refund_is_made_once_and_found_by_our_own_name(route, reference):
    order_id = route.pay().provider_id
    route.spoils.append(("POST", "/refunds", "lose"))
    with pytest.raises(CallFailed):
        route.refund(order_id, reference=reference)
    seen = route.refund(order_id, reference=reference)

    assert (seen.state, seen.reference, seen.amount_minor) == ("SUCCEEDED", reference, 300)
    assert route.account.book.payments()[0].refunded_minor == 300


def test_a_refund_that_is_taken_in_is_pending(route):
    assert route.refund(route.pay().provider_id).state == "PENDING"


def test_a_repetition_of_another_refund_is_tried_again_later(route):
    order_id = route.pay("refund_pending").provider_id
    route.refund(order_id, reference="one")

    with pytest.raises(CallFailed) as refused:
        route.refund(order_id, reference="two")
    assert (refused.value.proves, refused.value.may_retry) == ("not_done", True)


def test_too_much_is_refused_for_good(route):
    with pytest.raises(CallFailed) as refused:
        route.refund(route.pay().provider_id, 2000)

    assert (refused.value.proves, refused.value.code) == ("refused", "invalid.amount.exceeded")


@pytest.mark.parametrize(
    ("status", "proves"), [(500, "nothing"), (503, "nothing"), (400, "nothing"), (429, "not_done")]
)
def test_an_answer_that_is_not_eulers_own_proves_little(route, status, proves):
    route.spoils.append(("POST", "/txns", status))

    with pytest.raises(CallFailed) as failed:
        route.pay()
    assert failed.value.proves == proves


def test_parts_of_an_order_are_found_once_the_books_know_them(route, bought, shop):
    bought("o1")
    shop.post("/orders/o1/refunds", json={"amount": "10.00", "refund_reference": "back1"})
    route.account.act(OpenDispute("du_1", "o1A1"))
    shop.post("/internal/sync")
    (known,) = shop.get("/orders/o1").json["refunds"]

    provider = route.service.provider
    assert provider.refund(known["provider_id"]).reference == "back1"
    assert provider.dispute("du_1").state == "OPEN"
    with pytest.raises(CallFailed):
        provider.refund("nobodys")
    assert shop.get("/orders/o1").json["status"] == "DISPUTED"


def test_a_refund_that_comes_back_later_is_seen(route, bought, shop):
    bought("o1")
    shop.post("/orders/o1/refunds", json={"amount": "10.00", "refund_reference": "back1"})
    route.account.act(FailRefund(route.account.book.refunds_of("o1A1")[0].id))
    shop.post("/internal/sync")

    assert shop.get("/orders/o1").json["status"] == "PAID"


def test_a_declined_order_is_paid_by_a_further_attempt(route, bought):
    assert bought("o1", "declined")["status"] == "FAILED"
    assert bought("o1")["status"] == "PAID"
    assert [one.id for one in route.account.book.payments()] == ["o1A1", "o1A2"]


def test_the_probe_asks_for_nothing(route):
    route.service.provider.probe()

    assert route.seen[0].endswith("/paymentmethods")
    assert route.account.book.payments() == ()


def test_a_challenge_that_was_passed_is_found_at_the_return(route, bought, shop):
    assert bought("o1", "authentication_required")["status"] == "PENDING"
    route.account.act(Authenticate("o1A1"))

    assert shop.get("/orders/o1/return").json["status"] == "PAID"
