"""Held money: captured once, in parts, too much, given back, lapsed, reversed."""

from __future__ import annotations

import pytest

from badgateway.ground.clock import Clock
from badgateway.payments.book import Book
from badgateway.payments.commands import (
    CapturePayment,
    ChargePayment,
    CreatePayment,
    ExpireAuthorization,
    FailCapture,
    IncrementAuthorization,
    OpenDispute,
    RefundPayment,
    VoidPayment,
)
from badgateway.payments.decisions import DAY_MS, decision
from badgateway.payments.model import Capture, Outcome, Status

HELD = CreatePayment("p", 100, "EUR", Capture.MANUAL, charge=True)
PAID = CreatePayment("p", 100, "EUR", charge=True)


def _told(outcome: Outcome) -> list[tuple[str, list[tuple[str, int]]]]:
    return [
        (happening.name, [(entry.kind, entry.amount_minor) for entry in happening.ledger])
        for happening in outcome.happenings
    ]


def test_a_capture_takes_all_that_is_held(book: Book):
    book.do(HELD, "c1")

    outcome = book.do(CapturePayment("p"), "c2")

    assert _told(outcome) == [("payment.succeeded", [("capture", 100)])]
    assert outcome.payment is not None
    assert (outcome.payment.status, outcome.payment.held_until_ms) == (Status.SUCCEEDED, None)


def test_a_final_partial_capture_releases_the_rest(book: Book):
    book.do(HELD, "c1")

    outcome = book.do(CapturePayment("p", 60), "c2")

    assert _told(outcome) == [("payment.succeeded", [("capture", 60), ("void", 40)])]
    assert book.ledger.balance("shopper", "EUR") == -60


def test_several_captures_keep_the_rest_held(book: Book):
    book.do(HELD, "c1")

    first = book.do(CapturePayment("p", 30, is_final=False), "c2")
    second = book.do(CapturePayment("p", 30, is_final=False), "c3")

    assert _told(first) == [("payment.authorized", [("capture", 30)])]
    assert second.payment is not None
    assert (second.payment.status, second.payment.held_minor, second.payment.captured_minor) == (
        Status.AUTHORIZED,
        40,
        60,
    )


def test_a_capture_that_leaves_nothing_is_final_by_itself(book: Book):
    book.do(HELD, "c1")
    book.do(CapturePayment("p", 30, is_final=False), "c2")

    outcome = book.do(CapturePayment("p", is_final=False), "c3")

    assert _told(outcome) == [("payment.succeeded", [("capture", 70)])]


@pytest.mark.parametrize(
    ("amount", "code"), [(101, "amount_too_large"), (0, "amount_too_small"), (-1, "amount_too_small")]
)
def test_a_strict_provider_captures_what_is_held(book: Book, amount: int, code: str):
    book.do(HELD, "c1")

    outcome = book.do(CapturePayment("p", amount), "c2")

    assert outcome.refusal is not None
    assert outcome.refusal.code == code
    assert not outcome.is_applied


def test_a_permissive_provider_lets_an_over_capture_through(lax: Book):
    lax.do(HELD, "c1")

    payment = lax.do(CapturePayment("p", 130), "c2").payment

    assert payment is not None
    assert (payment.captured_minor, payment.held_minor) == (130, 0)
    assert lax.ledger.entries()[-1].postings == (("holds", -100), ("shopper", -30), ("merchant", 130))


@pytest.mark.parametrize(
    ("command", "status", "name", "kind"),
    [
        (VoidPayment("p", "abandoned"), Status.VOIDED, "payment.voided", "void"),
        (ExpireAuthorization("p"), Status.EXPIRED, "payment.expired", "expire"),
    ],
)
def test_a_hold_is_given_back(
    book: Book, command: VoidPayment | ExpireAuthorization, status: Status, name: str, kind: str
):
    book.do(HELD, "c1")

    outcome = book.do(command, "c2")

    assert _told(outcome) == [(name, [(kind, 100)])]
    assert outcome.payment is not None
    assert outcome.payment.status is status
    assert outcome.payment.attempts[-1].status == "released"
    assert book.ledger.balance("shopper", "EUR") == 0


@pytest.mark.parametrize("command", [VoidPayment("p", "abandoned"), ExpireAuthorization("p")])
def test_what_was_captured_before_the_end_stays(book: Book, command: VoidPayment | ExpireAuthorization):
    book.do(HELD, "c1")
    book.do(CapturePayment("p", 30, is_final=False), "c2")

    payment = book.do(command, "c3").payment

    assert payment is not None
    assert (payment.status, payment.captured_minor, payment.held_minor) == (Status.SUCCEEDED, 30, 0)
    assert payment.void_reason is None


def test_a_void_before_any_charge_moves_no_money(book: Book):
    book.do(CreatePayment("p", 100, "EUR"), "c1")

    outcome = book.do(VoidPayment("p", "requested_by_customer"), "c2")

    assert _told(outcome) == [("payment.voided", [])]
    assert outcome.payment is not None
    assert outcome.payment.void_reason == "requested_by_customer"


def test_a_hold_lapses_after_seven_days_by_itself(book: Book, clock: Clock):
    book.do(HELD, "c1")
    due_ms = book.next_due_ms()
    clock.advance(7 * DAY_MS)

    (outcome,) = book.run_due()

    assert due_ms == clock.now_ms()
    assert _told(outcome) == [("payment.expired", [("expire", 100)])]
    assert outcome.happenings[0].cause == "act:expire_authorization"
    assert book.next_due_ms() is None


@pytest.mark.parametrize("command", [CapturePayment("p"), VoidPayment("p")])
def test_a_hold_that_is_gone_does_not_lapse(book: Book, command: CapturePayment | VoidPayment):
    book.do(HELD, "c1")
    book.do(command, "c2")

    assert book.next_due_ms() is None


def test_a_reversed_capture_gives_the_money_back_and_the_payment_can_be_paid_again(book: Book):
    book.do(PAID, "c1")

    failed = book.do(FailCapture("p"), "act:fail_capture")
    again = book.do(ChargePayment("p"), "c2")

    assert _told(failed) == [("capture.failed", [("capture_fail", 100)])]
    assert failed.payment is not None
    assert failed.payment.status is Status.NEW
    assert again.payment is not None
    assert [attempt.status for attempt in again.payment.attempts] == ["failed", "captured"]
    assert book.ledger.balance("merchant", "EUR") == 100


def test_a_reversed_partial_capture_keeps_the_rest_held(book: Book):
    book.do(HELD, "c1")
    book.do(CapturePayment("p", 30, is_final=False), "c2")

    payment = book.do(FailCapture("p"), "act:fail_capture").payment

    assert payment is not None
    assert (payment.status, payment.held_minor, payment.captured_minor) == (Status.AUTHORIZED, 70, 0)


@pytest.mark.parametrize(
    ("before", "code"),
    [(RefundPayment("r", "p", 10), "already_refunded"), (OpenDispute("d", "p"), "disputed")],
)
def test_a_capture_whose_money_has_gone_further_is_not_reversed(
    book: Book, before: RefundPayment | OpenDispute, code: str
):
    book.do(PAID, "c1")
    book.do(before, "c2")

    outcome = book.do(FailCapture("p"), "act:fail_capture")

    assert outcome.refusal is not None
    assert outcome.refusal.code == code


def test_a_hold_without_a_capture_has_nothing_to_reverse(book: Book):
    book.do(HELD, "c1")

    outcome = book.do(FailCapture("p"), "act:fail_capture")

    assert outcome.refusal is not None
    assert outcome.refusal.code == "wrong_state"


def test_a_hold_grows_by_what_the_new_total_is_more(book: Book):
    book.do(HELD, "c1")

    outcome = book.do(IncrementAuthorization("p", 130), "c2")

    assert _told(outcome) == [("payment.authorized", [("auth", 30)])]
    assert outcome.payment is not None
    assert (outcome.payment.amount_minor, outcome.payment.held_minor) == (130, 130)
    assert outcome.payment.attempts[-1].amount_minor == 130


def test_a_total_that_is_no_more_and_an_issuer_that_says_no_leave_the_hold(book: Book):
    book.do(HELD, "c1")
    same = book.do(IncrementAuthorization("p", 100), "c2")
    book.decide_next = decision("declined", "insufficient_funds")
    declined = book.do(IncrementAuthorization("p", 130), "c3")

    assert same.refusal is not None
    assert same.refusal.code == "amount_too_small"
    assert declined.refusal is not None
    assert (declined.refusal.code, declined.is_applied) == ("declined", False)
    assert book.ledger.balance("holds", "EUR") == 100
