"""The client of Checkout.com: what an answer proves, what a lost one does not, and what is looked up."""

import pytest
from tests.reference.checkout.conftest import reply

from badgateway.payments.commands import (
    Authenticate,
    Clear,
    CloseDispute,
    FailCapture,
    FailRefund,
    OpenDispute,
)
from badgateway.providers import DIALECTS
from badgateway.reference.checkout.amounts import from_wire, to_wire
from badgateway.reference.provider import CallFailed
from badgateway.reference.reconciling import Reconciling
from badgateway.reference.settings import BadSetting, read_settings
from badgateway.reference.states import State


def test_a_payment_is_known_from_its_answer_and_from_the_look_up(service, shop, bench):
    shop.pay()
    (payment,) = bench.book.payments()

    seen = service.provider.payment(payment.id)

    assert (seen.state, seen.captured_minor, seen.order_reference, seen.attempt_n) == (
        State.SUCCEEDED,
        4999,
        "o1",
        1,
    )
    assert shop.view()["status"] == "PAID"


def test_a_lost_answer_is_asked_for_with_the_same_key(shop, bench):
    bench.spoils += [("POST", "/payments", "lose")]

    assert shop.pay()["status"] == "PAID"
    assert bench.seen == ["POST /payments"] * 2
    assert len(bench.book.payments()) == 1


@pytest.mark.parametrize("status", [500, 502, 409, 403, 400])
def test_what_is_not_its_own_answer_proves_nothing_and_the_list_finds_the_payment(shop, bench, status):
    bench.spoils += [("POST", "/payments", "lose"), *[("POST", "/payments", reply(status))] * 2]

    first = shop.pay()["status"]
    bench.spoils += [("POST", "/payments", reply(status))] * 3
    shop.client.post("/internal/sync")

    assert (first, shop.view()["status"]) == ("PENDING", "PAID")
    assert len(bench.book.payments()) == 1


def test_a_decline_is_an_answer_with_its_code(shop, bench):
    assert shop.pay("insufficient_funds")["status"] == "FAILED"
    assert bench.seen == ["POST /payments"]


def test_a_decline_without_a_reason_is_asked_for_once_more(shop, bench):
    body = b'{"id":"pay_1","status":"Declined","amount":4999,"currency":"EUR"}'
    bench.spoils += [("POST", "/payments", reply(201, body))]

    assert shop.pay("declined")["status"] == "FAILED"
    assert bench.seen == ["POST /payments"] * 2


@pytest.mark.parametrize(
    "body", [b"[]", b"null", b'{"id":"pay_1"}', b'{"id":7,"status":"Captured"}', b"<html>"]
)
def test_an_answer_of_another_shape_is_never_booked(shop, bench, body):
    bench.spoils += [("POST", "/payments", reply(201, body))] * 3

    assert shop.pay()["status"] == "PENDING"


@pytest.mark.parametrize(
    ("status", "body", "proves"),
    [
        (429, b'{"error_codes":["too_many_requests"]}', "not_done"),
        (422, b'{"error_codes":["amount_invalid"]}', "refused"),
        (422, b"{}", "nothing"),
        (503, b'{"error_codes":["internal_error"]}', "nothing"),
    ],
)
def test_each_refusal_proves_what_it_proves(service, shop, bench, status, body, proves):
    bench.spoils += [("GET", "/payments", reply(status, body))]

    with pytest.raises(CallFailed) as failed:
        service.provider.attempt_of("o1", 1, 0, 5_000, Reconciling())

    assert failed.value.proves == proves


def test_a_shopper_who_is_asked_is_shown_where_and_has_not_paid(shop, bench):
    view = shop.pay("authentication_required")
    (payment,) = bench.book.payments()
    back = shop.client.get("/orders/o1/return?cko-session-id=sid_of_somebody&status=Captured")

    assert view["status"] == back.json["status"] == "PENDING"
    assert view["redirect_url"].endswith(f"/sessions-interceptor/{payment.id.replace('pay_', 'sid_')}")


@pytest.mark.parametrize(("is_passed", "status"), [(True, "PAID"), (False, "FAILED")])
def test_the_look_on_return_tells_how_a_challenge_ended(shop, bench, is_passed, status):
    shop.pay("authentication_required")
    (payment,) = bench.book.payments()

    bench.act(Authenticate(payment.id, is_passed=is_passed))
    back = shop.client.get("/orders/o1/return?cko-session-id=sid_of_somebody")

    assert back.json["status"] == shop.view()["status"] == status
    assert f"GET /payments/{payment.id}" in bench.seen
    assert shop.view()["redirect_url"] is None


@pytest.mark.parametrize(("card", "status"), [("bank_debit", "PAID"), ("bank_debit_no_funds", "FAILED")])
def test_a_debit_is_not_paid_before_the_bank_has_answered(shop, bench, card, status):
    view = shop.pay(card, currency="USD")
    (payment,) = bench.book.payments()
    waiting = shop.view()["status"]

    bench.act(Clear(payment.id, is_paid=status == "PAID"))
    heard = shop.hear()

    assert (view["status"], waiting, view["redirect_url"]) == ("PENDING", "PENDING", None)
    assert payment.method == DIALECTS["checkout"].cards[card]
    assert (set(heard), shop.view()["status"]) == ({200}, status)


@pytest.mark.parametrize("is_reversed", [False, True])
def test_a_returned_debit_is_money_lost_in_whichever_order_it_is_told(shop, bench, is_reversed):
    shop.pay("bank_debit", currency="USD")
    (payment,) = bench.book.payments()
    bench.act(Clear(payment.id))
    shop.hear()
    paid = shop.view()["status"]

    bench.act(OpenDispute("dsp_1", payment.id, reason="insufficient_funds"))
    bench.act(CloseDispute("dsp_1", is_won=False))
    bench.told.sort(key=lambda one: one.wire_type, reverse=is_reversed)
    shop.hear()

    (dispute,) = shop.view()["disputes"]
    assert (paid, dispute["state"], dispute["amount_minor"]) == ("PAID", "LOST", 4999)


def test_a_hold_is_captured_in_part_and_the_look_up_says_so(shop, bench):
    shop.pay(capture="manual")

    answer = shop.client.post("/orders/o1/capture", json={"amount": "20.00"})

    assert (answer.status_code, answer.json["paid_minor"]) == (200, 2000)
    assert bench.book.payments()[0].captured_minor == 2000


def test_a_capture_that_was_accepted_and_is_not_done_is_unknown(shop, bench):
    shop.pay(capture="manual")
    bench.spoils += [("POST", "/captures", reply(202, b'{"action_id":"act_1"}'))]

    answer = shop.client.post("/orders/o1/capture")

    assert (answer.status_code, shop.view()["status"]) == (202, "AUTHORIZED")


@pytest.mark.parametrize("status", [401, 404, 429, 500])
def test_a_look_that_fails_after_a_capture_does_not_undo_it(shop, bench, status):
    shop.pay(capture="manual")
    told = b'{"error_codes":["told"]}'
    bench.spoils += [("GET", bench.book.payments()[0].id, reply(status, told))] * 3

    answer = shop.client.post("/orders/o1/capture")
    shop.hear()

    assert answer.status_code == 202
    assert shop.view()["status"] == "PAID"


def test_a_capture_whose_key_is_forgotten_is_found_done(shop, bench):
    shop.pay(capture="manual")
    refused = b'{"error_codes":["action_not_allowed"]}'
    bench.spoils += [("POST", "/captures", "lose"), ("POST", "/captures", reply(403, refused))]

    assert shop.client.post("/orders/o1/capture").status_code == 200
    assert shop.view()["status"] == "PAID"


def test_a_hold_is_voided(shop):
    shop.pay(capture="manual")

    assert shop.client.post("/orders/o1/cancel").json["status"] == "CANCELLED"


def test_a_refund_carries_our_own_reference_and_is_made_once(service, shop, bench):
    shop.pay()
    bench.spoils += [("POST", "/refunds", "lose")]

    shop.client.post("/orders/o1/refunds", json={"amount": "10.00", "refund_reference": "r1"})
    (refund,) = service.provider.refunds_of(bench.book.payments()[0].id)

    assert (refund.reference, refund.state, refund.amount_minor) == ("r1", "SUCCEEDED", 1000)
    assert len(bench.book.refunds()) == 1


def test_a_refund_that_failed_after_all_is_read_from_the_actions(service, shop, bench):
    shop.pay("refund_fails_later")
    shop.client.post("/orders/o1/refunds", json={})
    (refund,) = bench.book.refunds()
    bench.act(FailRefund(refund.id))

    assert service.provider.refund(refund.id).state == "FAILED"


def test_a_capture_that_was_taken_back_is_no_decline(service, shop, bench):
    shop.pay()
    (payment,) = bench.book.payments()
    bench.act(FailCapture(payment.id))

    seen = service.provider.payment(payment.id)

    assert (seen.state, seen.captured_minor) == (State.REVERSED, 0)


def test_a_pending_payment_is_processing_until_it_is_over(service, shop, bench):
    assert shop.pay("pending_then_succeeds")["status"] == "PENDING"
    (payment,) = bench.book.payments()
    bench.act(Clear(payment.id))

    assert service.provider.payment(payment.id).state is State.SUCCEEDED


def test_the_list_of_an_order_is_read_to_its_end_and_holds_no_other_orders(service, shop, bench):
    bench.account.page_max = 1
    for reference, card in (("o1", "declined"), ("o2", "approved"), ("o1", "approved")):
        shop.pay(card, reference=reference)

    found, is_whole = service.provider.attempt_of("o1", 2, 0, 5_000, Reconciling())

    assert ([one.attempt_n for one in found], is_whole) == ([2, 1], True)


def test_what_is_not_there_is_missing(service):
    for look in (service.provider.payment, service.provider.refund, service.provider.dispute):
        with pytest.raises(CallFailed) as missing:
            look("unheard")
        assert (missing.value.proves, missing.value.code) == ("refused", "resource_missing")


def test_an_answer_about_another_payment_is_none(service, shop, bench):
    shop.pay()
    (payment,) = bench.book.payments()
    body = (
        b'{"id":"pay_other","status":"Captured","amount":1,"currency":"EUR","balances":{"total_captured":1}}'
    )
    bench.spoils += [("GET", payment.id, reply(200, body))]

    with pytest.raises(CallFailed) as failed:
        service.provider.payment(payment.id)

    assert failed.value.proves == "nothing"


@pytest.mark.parametrize(
    ("currency", "minor", "wire"),
    [("EUR", 4999, 4999), ("JPY", 500, 500), ("BHD", 1230, 1230), ("CLP", 500, 50_000)],
)
def test_amounts_are_written_as_its_page_says(currency, minor, wire):
    assert to_wire(minor, currency) == wire
    assert from_wire(wire, currency) == minor


@pytest.mark.parametrize("value", ["1", 1.0, -1, True, None])
def test_what_is_no_amount_is_refused(value):
    with pytest.raises(ValueError, match="amount"):
        from_wire(value, "EUR")


def test_chilean_pesos_are_charged_whole(shop, bench):
    assert shop.pay(amount="500", currency="CLP")["status"] == "PAID"
    assert bench.book.payments()[0].amount_minor == 500


def test_cards_are_never_taken_and_a_probe_finds_out(service, bench):
    with pytest.raises(CallFailed):
        service.provider.tokenise({"number": "1"}, "o1")
    service.provider.probe()

    assert bench.seen == ["GET /payments"]


def test_without_its_key_nothing_starts():
    with pytest.raises(BadSetting, match="CHECKOUT_API_KEY"):
        read_settings({"PROVIDER": "checkout"}, 1)
