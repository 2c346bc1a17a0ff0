"""Attempts to pay an order: what each comes to, and when there is room for another."""

from dataclasses import replace

import pytest

from badgateway.ground.records import changed
from badgateway.payments.commands import Authenticate, CreatePayment, FailCapture
from badgateway.payments.decisions import CARDS
from badgateway.payments.model import Status
from badgateway.providers.euler import shelf
from badgateway.providers.euler.acquirer import UNKNOWN, Result, Standing
from badgateway.providers.euler.gateway import OwnGateway

ENDS = {
    "approved": "CHARGED",
    "declined": "AUTHORIZATION_FAILED",
    "action": "PENDING_VBV",
    "pending": "AUTHORIZING",
}
DAYS_MS = 4 * 86_400_000


@pytest.mark.parametrize("word", sorted(CARDS))
def test_every_card_ends_as_its_word_says(pay, account, word):
    made = pay(card=word)

    payment = account.book.payments()[0]
    assert made["status"] == ENDS[CARDS[word].kind]
    assert payment.captured_minor == (4999 if made["status"] == "CHARGED" else 0)
    assert made["payment_gateway_response"]["epg_txn_id"] == payment.id == "o1"
    assert ("payment" in made) == (made["status"] == "PENDING_VBV")


def test_one_request_makes_the_order_and_pays_it(pay, look, account):
    made = pay()

    assert (made["txn_id"].endswith("-o1-1"), made["gateway"]) == (True, "DUMMY")
    assert account.types() == ["TXN_CREATED", "TXN_CHARGED", "ORDER_SUCCEEDED", "ORDER_CREATED"]
    shown = look()
    assert (shown["status"], shown["status_id"], shown["effective_amount"]) == ("CHARGED", 21, 49.99)
    assert shown["txn_uuid"] == made["txn_uuid"]


def test_a_lost_answer_is_no_second_charge(pay, account):
    pay()
    again = pay()

    assert again["error_code"] == "duplicate.order_id"
    assert len(account.book.payments()) == 1


def test_an_order_that_cannot_be_paid_like_this_is_not_made(pay, ask):
    assert pay(card="of_nobody")["error_code"] == "INVALID_REQUEST"
    assert ask("GET /orders/o1")[0] == 404


def test_a_decline_says_why_and_leaves_room_for_another_card(pay, ask, look, account):
    pay(card="insufficient_funds")
    failed = look()
    ask("POST /txns", {"order_id": "o1", "payment_method_type": "CARD", "card_token": "tkn_approved"})

    assert (failed["bank_error_code"], failed["txn_detail"]["error_code"]) == ("51", "51")
    shown = look()
    assert [one["status"] for one in shown["txn_list"]] == ["AUTHORIZATION_FAILED", "CHARGED"]
    assert (shown["status"], shown["txn_detail"]["txn_id"].endswith("-o1-2")) == ("CHARGED", True)
    assert (shown["bank_error_code"], len(account.book.payments())) == ("", 2)


@pytest.mark.parametrize(
    ("card", "manual", "code"),
    [
        ("approved", False, "order.already.paid"),
        ("approved", True, "order.already.paid"),
        ("pending_then_succeeds", False, "txn.in.progress"),
    ],
)
def test_no_second_attempt_while_one_is_good_or_open(pay, ask, account, card, manual, code):
    pay(card=card, manual=manual)
    status, refused = ask("POST /txns", {"order_id": "o1", "card_token": "tkn_approved"})

    assert (status, refused["error_code"]) == (400, code)
    assert len(account.book.payments()) == 1


def test_a_browser_pays_without_a_key_but_makes_no_order(ask, pay, account):
    ask("POST /orders", {"order_id": "o1", "amount": "5", "currency": "EUR"})
    form = {"order_id": "o1", "merchant_id": shelf.merchant_id(account.api_key), "card_token": "tkn_approved"}

    assert ask("POST /txns", form, api_key=None, merchant=None)[1]["status"] == "CHARGED"
    made = {
        "order.order_id": "o2",
        "order.amount": "5",
        "order.currency": "EUR",
        "card_token": "tkn_approved",
    }
    assert ask("POST /txns", made, api_key=None, merchant=None)[0] == 400


def test_only_test_numbers_are_taken_and_none_is_repeated(ask, account):
    made = {
        "order.order_id": "o1",
        "order.amount": "5",
        "order.currency": "EUR",
        "payment_method_type": "CARD",
    }
    status, refused = ask(
        "POST /txns", {**made, "card_number": "4929 1234 5678 9012", "card_security_code": "987"}
    )

    assert status == 400
    assert "4929" not in str(refused)
    assert ask("POST /txns", {**made, "card_number": "4242 4242 4242 4242"})[1]["status"] == "CHARGED"


@pytest.mark.parametrize(
    ("kind", "status"), [("NB", "PENDING_VBV"), ("WALLET", "PENDING_VBV"), ("UPI", "AUTHORIZING")]
)
def test_methods_without_a_card_wait(pay, kind, status):
    assert pay(payment_method_type=kind, payment_method=kind)["status"] == status


def test_a_pending_method_is_charged_when_its_time_has_come(pay, look, account):
    pay(card="pending_then_succeeds")
    account.types()
    account.wait(DAYS_MS)

    assert look()["status"] == "CHARGED"
    assert account.types() == ["TXN_CHARGED", "ORDER_SUCCEEDED"]


def test_a_challenge_that_is_not_passed_is_the_shoppers_failure(pay, look, account):
    pay(card="authentication_required")
    account.act(Authenticate("o1", is_passed=False))

    assert (look()["status"], look()["status_id"]) == ("AUTHENTICATION_FAILED", 26)


def test_what_is_paid_twice_goes_back_by_itself(pay, ask, look, account):
    pay(card="authentication_required")
    ask("POST /txns", {"order_id": "o1", "card_token": "tkn_approved"})
    account.types()
    account.act(Authenticate("o1", is_passed=True))

    shown = look()
    assert [one["status"] for one in shown["txn_list"]] == ["AUTO_REFUNDED", "CHARGED"]
    assert (shown["status"], shown["amount_refunded"]) == ("CHARGED", 0)
    assert [one.refunded_minor for one in account.book.payments()] == [4999, 0]
    assert account.types()[-2:] == ["AUTO_REFUND_INITIATED", "AUTO_REFUND_SUCCEEDED"]


def test_a_capture_that_was_taken_back_is_told(pay, look, account):
    pay()
    account.act(FailCapture("o1"))

    assert look()["status"] == "CAPTURE_FAILED"
    assert account.types()[-1] == "ORDER_CAPTURE_FAILED"


class Away(OwnGateway):
    """A gateway with a book of its own, which carries an attempt out and loses the answer."""

    is_there = True

    def charge(self, charge):
        made = super().charge(charge).standing
        return Result(Standing(UNKNOWN, "AWAY", made.reference), is_applied=True)

    def fetch(self, reference):
        return super().fetch(reference) if Away.is_there else Standing(UNKNOWN, "AWAY", reference)


@pytest.fixture
def away(account, monkeypatch):
    """Put another gateway behind the account, whose answers are lost."""
    other = replace(account, shelf={}, told=[], answers=[])
    monkeypatch.setattr(shelf, "OwnGateway", lambda _account, known: Away(other, known))
    monkeypatch.setattr(Away, "is_there", False)
    return lambda: monkeypatch.setattr(Away, "is_there", True)


@pytest.mark.parametrize(
    ("card", "manual", "status", "words"),
    [
        ("approved", False, "CHARGED", ["TXN_CHARGED", "ORDER_SUCCEEDED"]),
        ("approved", True, "AUTHORIZED", ["ORDER_AUTHORIZED"]),
        ("declined", False, "AUTHORIZATION_FAILED", ["TXN_FAILED", "ORDER_FAILED"]),
        ("pending_then_succeeds", False, "AUTHORIZING", []),
    ],
)
def test_an_answer_that_never_came_is_no_failure(pay, ask, look, account, away, card, manual, status, words):
    made = pay(card=card, manual=manual)
    again = ask("POST /txns", {"order_id": "o1", "card_token": "tkn_approved"})[1]
    before = look()
    account.types()
    away()
    account.tell()

    assert (made["status"], made["gateway"], account.answers[0].is_final) == ("AUTHORIZING", "AWAY", False)
    assert again["error_code"] == "txn.in.progress"
    assert (before["status"], look()["status"]) == ("AUTHORIZING", status)
    assert account.types() == words
    assert account.book.payments() == ()


def test_a_payment_that_came_in_another_way_has_an_order_too(account):
    account.act(
        CreatePayment("pi_elsewhere", 500, "EUR", charge=True, details={"metadata": {"order": "mine"}})
    )

    assert account.order()["udf1"] == "mine"
    assert account.types() == ["TXN_CREATED", "TXN_CHARGED", "ORDER_SUCCEEDED"]


def test_a_part_that_was_approved_is_what_the_order_came_to(pay, look, account):
    account.book.decide_next = changed(CARDS["approved"], approved_minor=2000)
    pay()

    assert (look()["status"], look()["effective_amount"], look()["amount"]) == ("PARTIAL_CHARGED", 20, 49.99)
    assert account.book.payments()[0].status is Status.SUCCEEDED


@pytest.mark.parametrize(
    "name", ["merchant_id", "order_id", "card_token", "payment_method_type", "payment_method"]
)
def test_a_list_in_the_place_of_a_text_makes_no_attempt(ask, account, name):
    order = {"order_id": "o1", "amount": "49.99", "currency": "EUR"}
    body = {"order": order, "payment_method_type": "CARD", "card_token": "tkn_approved", name: [None]}

    status, refused = ask("POST /txns", body, is_json=True)

    assert (status, refused["error_code"]) == (400, "INVALID_REQUEST")
    assert (account.types(), account.book.payments()) == ([], ())
