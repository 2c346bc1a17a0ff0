"""Captures, voids and refunds: what each does once, what is refused, and what is told of it."""

import pytest

from badgateway.payments.commands import ExpireAuthorization, FailRefund, OpenDispute, RefundPayment


@pytest.fixture
def held(pay):
    """Give the txn_uuid of an order whose money is held."""
    return pay(manual=True)["txn_uuid"]


def test_held_money_is_taken_once_under_one_key(ask, held, account):
    form = {"amount": "20.00", "idempotence_key": "capture1"}
    first = ask(f"POST /v2/txns/{held}/capture", form)
    again = ask(f"POST /v2/txns/{held}/capture", form)

    assert (first[0], first[1]["status"]) == (200, "CHARGED")
    assert again == first
    assert account.book.payments()[0].captured_minor == 2000
    assert account.types()[-2:] == ["TXN_CHARGED", "ORDER_PARTIAL_CHARGED"]


def test_the_rest_of_a_partial_capture_is_released(ask, held, look):
    ask(f"POST /v2/txns/{held}/capture", {"amount": "20"})

    assert (look()["status"], look()["status_id"], look()["effective_amount"]) == ("PARTIAL_CHARGED", 37, 20)
    refused = ask(f"POST /v2/txns/{held}/capture", {"amount": "20"})[1]
    assert refused["error_code"] == "invalid.txn.state"


def test_more_than_is_held_cannot_be_taken(ask, held, look):
    status, refused = ask(f"POST /v2/txns/{held}/capture", {"amount": "50.00"})

    assert (status, refused["error_code"]) == (400, "invalid.amount.exceeded")
    assert look()["status"] == "AUTHORIZED"


def test_a_hold_is_released(ask, held, look, account):
    assert ask(f"POST /v2/txns/{held}/void")[1]["status"] == "VOIDED"
    assert (look()["status"], account.types()[-1]) == ("VOIDED", "ORDER_VOIDED")
    assert ask(f"POST /v2/txns/{held}/void")[1]["error_code"] == "invalid.txn.state"
    assert ask(f"POST /v2/txns/{held}/capture")[1]["error_code"] == "invalid.txn.state"


def test_an_attempt_that_waits_for_its_shopper_can_be_ended(ask, pay, look):
    waiting = pay(card="authentication_required")["txn_uuid"]

    assert ask(f"POST /v2/txns/{waiting}/void")[1]["status"] == "VOIDED"
    assert look()["status"] == "VOIDED"


def test_a_hold_that_lapsed_is_voided(held, look, account):
    account.act(ExpireAuthorization("o1"))

    assert look()["status"] == "VOIDED"
    assert (account.told[-1].name, account.told[-1].wire_type) == ("payment.expired", "ORDER_VOIDED")


@pytest.mark.parametrize("uuid", ["eul1znobodys", "eul2zo1", "eul0zo1", "nothing"])
def test_a_transaction_that_nobody_made_is_not_found(ask, held, uuid):
    assert ask(f"POST /v2/txns/{uuid}/capture")[0] == 404


def test_a_refund_is_taken_in_first_and_told_when_it_is_done(pay, ask, look, account):
    pay()
    shown = ask("POST /orders/o1/refunds", {"unique_request_id": "r1", "amount": "10.00"})[1]

    (queued,), (done,) = shown["refunds"], look()["refunds"]
    assert (queued["status"], queued["sent_to_gateway"], queued["amount"]) == ("PENDING", False, 10)
    assert (done["status"], done["unique_request_id"], done["id"]) == ("SUCCESS", "r1", queued["id"])
    assert account.answers[1].is_final is False
    assert account.types()[-2:] == ["REFUND_INITIATED", "ORDER_REFUNDED"]
    assert (look()["refunded"], look()["amount_refunded"]) == (False, 10)


def test_a_request_id_counts_once(pay, ask, account):
    pay()
    for _ in range(2):
        status, shown = ask("POST /orders/o1/refunds", {"unique_request_id": "r1", "amount": "10.00"})

    assert (status, shown["error_code"]) == (400, "duplicate.call")
    assert account.book.payments()[0].refunded_minor == 1000


def test_the_same_amount_within_five_seconds_is_the_same_call_while_one_runs(pay, ask, account):
    pay(card="refund_pending")
    ask("POST /orders/o1/refunds", {"unique_request_id": "r1", "amount": "10.00"})
    soon = ask("POST /orders/o1/refunds", {"unique_request_id": "r2", "amount": "10.00"})[1]
    other = ask("POST /orders/o1/refunds", {"unique_request_id": "r3", "amount": "11.00"})[0]
    account.wait(5_000)
    later = ask("POST /orders/o1/refunds", {"unique_request_id": "r2", "amount": "10.00"})[0]

    assert (soon["error_code"], other, later) == ("duplicate.call", 200, 200)


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({}, "mandatory.fields.missing"),
        ({"unique_request_id": "r1", "amount": "50"}, "invalid.amount.exceeded"),
        ({"unique_request_id": "r1", "amount": "0"}, "INVALID_REQUEST"),
        ({"unique_request_id": "r1", "amount": ""}, "mandatory.fields.missing"),
        ({"unique_request_id": "r" * 22}, "INVALID_REQUEST"),
    ],
)
def test_what_makes_no_refund_is_refused(pay, ask, account, form, code):
    pay()
    status, refused = ask("POST /orders/o1/refunds", form)

    assert (status, refused["error_code"]) == (400, code)
    assert account.book.payments()[0].refunded_minor == 0


def test_only_a_successful_order_is_refunded_and_at_most_25_times(pay, ask, held):
    assert ask("POST /orders/o1/refunds", {"unique_request_id": "r1"})[1]["error_code"] == (
        "invalid.order.not_successful"
    )
    pay("o2")
    made = [
        ask("POST /order/refund", {"order_id": "o2", "unique_request_id": f"r{n}", "amount": "1"})
        for n in range(26)
    ]

    assert [status for status, _ in made] == [200] * 25 + [400]
    assert made[-1][1]["error_code"] == "request.exceeded"


def test_without_an_amount_all_that_is_left_goes_back(pay, ask, look):
    pay()
    ask("POST /orders/o1/refunds", {"unique_request_id": "r1", "amount": "10"})
    ask("POST /orders/o1/refunds", {"unique_request_id": "r2"})

    assert (look()["refunded"], look()["amount_refunded"], look()["status"]) == (True, 49.99, "CHARGED")


def test_a_refund_that_comes_back_is_a_failure(pay, ask, look, account):
    pay()
    made = ask("POST /orders/o1/refunds", {"unique_request_id": "r1"})[1]["refunds"][0]["id"]
    account.act(FailRefund(made))

    assert (look()["refunds"][0]["status"], look()["amount_refunded"]) == ("FAILURE", 0)
    assert account.types()[-1] == "ORDER_REFUND_FAILED"


def test_a_refund_from_the_dashboard_says_so_and_its_id_is_taken(pay, ask, look, account):
    pay()
    account.act(RefundPayment("re_1", "o1", 500))

    again = ask("POST /orders/o1/refunds", {"unique_request_id": "re_1"})[1]

    (refund,) = look()["refunds"]
    assert (refund["initiated_by"], refund["unique_request_id"]) == ("DASHBOARD", "re_1")
    assert again["error_code"] == "duplicate.call"


def test_a_chargeback_stands_in_the_order(pay, ask, look, account):
    pay()
    account.act(OpenDispute("du_1", "o1"))

    (chargeback,) = look()["chargebacks"]
    assert (chargeback["id"], chargeback["amount"], chargeback["dispute_status"]) == (
        "du_1",
        49.99,
        "CHARGEBACK_RECEIVED",
    )
    assert account.types()[-1] == "CHARGEBACK_RECEIVED"
    assert (
        ask("POST /orders/o1/refunds", {"unique_request_id": "r1"})[1]["error_code"]
        == "invalid.order.chargeback"
    )
