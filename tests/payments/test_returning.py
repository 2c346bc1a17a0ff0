"""Captured money that goes back: refunds and disputes."""

from __future__ import annotations

import pytest

from badgateway.ground.clock import Clock
from badgateway.payments.book import Book
from badgateway.payments.commands import (
    CapturePayment,
    Clear,
    CloseDispute,
    ContestDispute,
    CreatePayment,
    FailRefund,
    OpenDispute,
    RefundPayment,
)
from badgateway.payments.decisions import DAY_MS
from badgateway.payments.model import Capture, Outcome
from badgateway.payments.returning import EVIDENCE_MS

PAID = CreatePayment("p", 100, "EUR", charge=True)


def _told(outcome: Outcome) -> list[tuple[str, list[tuple[str, int]]]]:
    return [
        (happening.name, [(entry.kind, entry.amount_minor) for entry in happening.ledger])
        for happening in outcome.happenings
    ]


def _refunded(book: Book) -> int:
    payment = book.payment("p")
    assert payment is not None
    return payment.refunded_minor


def test_a_refund_gives_back_all_that_is_left(book: Book):
    book.do(PAID, "c1")
    book.do(RefundPayment("r1", "p", 30), "c2")

    outcome = book.do(RefundPayment("r2", "p", reason="wish"), "c3")

    assert _told(outcome) == [("refund.created", []), ("refund.succeeded", [("refund", 70)])]
    assert outcome.refund is not None
    assert (outcome.refund.amount_minor, outcome.refund.reason) == (70, "wish")
    assert book.refunds_of("p") == (book.refund("r1"), book.refund("r2"))
    assert book.ledger.balance("merchant", "EUR") == 0


@pytest.mark.parametrize(
    ("before", "amount", "code"),
    [
        (0, 101, "amount_too_large"),
        (60, 41, "amount_too_large"),
        (100, 1, "already_refunded"),
        (100, None, "already_refunded"),
        (0, 0, "amount_too_small"),
        (0, -1, "amount_too_small"),
    ],
)
def test_a_strict_provider_refunds_what_was_captured(book: Book, before: int, amount: int | None, code: str):
    book.do(PAID, "c1")
    if before:
        book.do(RefundPayment("r1", "p", before), "c2")

    outcome = book.do(RefundPayment("r2", "p", amount), "c3")

    assert outcome.refusal is not None
    assert outcome.refusal.code == code
    assert (_refunded(book), book.refund("r2")) == (before, None)


def test_a_permissive_provider_lets_an_over_refund_through(lax: Book):
    lax.do(PAID, "c1")
    lax.do(RefundPayment("r1", "p", 60), "c2")

    outcome = lax.do(RefundPayment("r2", "p", 60), "c3")

    assert outcome.refusal is None
    assert _refunded(lax) == 120
    assert lax.ledger.balance("merchant", "EUR") == -20


def test_a_hold_has_nothing_to_refund(book: Book):
    book.do(CreatePayment("p", 100, "EUR", Capture.MANUAL, charge=True), "c1")

    outcome = book.do(RefundPayment("r1", "p"), "c2")

    assert outcome.refusal is not None
    assert outcome.refusal.code == "nothing_to_refund"


def test_the_captured_part_of_a_hold_can_be_refunded(book: Book):
    book.do(CreatePayment("p", 100, "EUR", Capture.MANUAL, charge=True), "c1")
    book.do(CapturePayment("p", 30, is_final=False), "c2")

    payment = book.do(RefundPayment("r1", "p"), "c3").payment

    assert payment is not None
    assert (payment.refunded_minor, payment.held_minor) == (30, 70)


def test_a_pending_refund_counts_at_once_and_succeeds_three_days_later(book: Book, clock: Clock):
    book.do(PAID, "c1")
    asked = book.do(RefundPayment("r1", "p", 40, outcome="pending"), "c2")
    counted = _refunded(book)
    clock.advance(3 * DAY_MS)

    (outcome,) = book.run_due()

    assert _told(asked) == [("refund.created", [("refund", 40)])]
    assert counted == _refunded(book) == 40
    assert _told(outcome) == [("refund.succeeded", [])]
    assert outcome.happenings[0].cause == "act:clear_refund"


@pytest.mark.parametrize("command", [Clear("p", is_paid=False, refund_id="r1"), FailRefund("r1")])
def test_a_pending_refund_that_fails_gives_the_money_back_to_the_merchant(
    book: Book, command: Clear | FailRefund
):
    book.do(PAID, "c1")
    book.do(RefundPayment("r1", "p", 40, outcome="pending"), "c2")

    outcome = book.do(command, "act:fail_refund")

    assert _told(outcome) == [("refund.failed", [("refund_fail", 40)])]
    assert _refunded(book) == 0
    assert book.next_due_ms() is None


def test_a_refund_may_fail_three_days_after_it_succeeded(book: Book, clock: Clock):
    book.do(PAID, "c1")
    book.do(RefundPayment("r1", "p", 40, outcome="fails_later"), "c2")
    counted = _refunded(book)
    clock.advance(3 * DAY_MS)

    (outcome,) = book.run_due()

    assert counted == 40
    assert _told(outcome) == [("refund.failed", [("refund_fail", 40)])]
    assert outcome.refund is not None
    assert (outcome.refund.status, _refunded(book)) == ("failed", 0)


@pytest.mark.parametrize("command", [FailRefund("r1"), Clear("p", refund_id="r1")])
def test_a_failed_refund_has_no_other_outcome(book: Book, command: FailRefund | Clear):
    book.do(PAID, "c1")
    book.do(RefundPayment("r1", "p", 40), "c2")
    book.do(FailRefund("r1"), "act:fail_refund")

    outcome = book.do(command, "act:again")

    assert outcome.refusal is not None
    assert outcome.refusal.code == "wrong_state"


def test_a_refund_is_cleared_under_its_own_payment(book: Book):
    book.do(PAID, "c1")
    book.do(CreatePayment("other", 100, "EUR", charge=True), "c2")
    book.do(RefundPayment("r1", "p", 40, outcome="pending"), "c3")

    outcome = book.do(Clear("other", refund_id="r1"), "act:clear")

    assert outcome.refusal is not None
    assert outcome.refusal.code == "unknown_object"


def test_an_open_dispute_freezes_what_was_not_refunded(book: Book):
    book.do(PAID, "c1")
    book.do(RefundPayment("r1", "p", 30), "c2")

    outcome = book.do(OpenDispute("d1", "p"), "act:dispute")

    assert _told(outcome) == [("dispute.opened", [("dispute_open", 70)])]
    assert outcome.payment is not None
    assert outcome.payment.is_disputed
    assert book.ledger.balance("disputed", "EUR") == 70
    assert book.ledger.balance("merchant", "EUR") == 0


@pytest.mark.parametrize(
    ("is_won", "name", "kind", "merchant", "is_disputed"),
    [
        (True, "dispute.won", "dispute_won", 100, False),
        (False, "dispute.lost", "dispute_lost", 0, True),
    ],
)
def test_a_decided_dispute_gives_the_frozen_money_to_the_winner(
    book: Book, is_won: bool, name: str, kind: str, merchant: int, is_disputed: bool
):
    book.do(PAID, "c1")
    book.do(OpenDispute("d1", "p"), "act:dispute")

    outcome = book.do(CloseDispute("d1", is_won), "act:dispute")

    assert _told(outcome) == [(name, [(kind, 100)])]
    assert outcome.dispute == book.dispute("d1")
    assert outcome.payment is not None
    assert outcome.payment.is_disputed is is_disputed
    assert book.ledger.balance("merchant", "EUR") == merchant
    assert book.ledger.balance("disputed", "EUR") == 0


def test_a_dispute_that_nobody_contests_is_lost_on_its_day(book: Book, clock: Clock):
    book.do(PAID, "c1")
    opened = book.do(OpenDispute("d1", "p"), "act:dispute").dispute
    assert opened is not None
    assert opened.due_ms == clock.now_ms() + EVIDENCE_MS

    clock.advance(EVIDENCE_MS - 1)
    before = book.run_due()
    clock.advance(1)
    (outcome,) = book.run_due()

    assert before == ()
    assert _told(outcome) == [("dispute.lost", [("dispute_lost", 100)])]
    assert {one.cause for one in outcome.happenings} == {"act:close_dispute"}


def test_nobody_waits_for_a_dispute_to_be_lost(book: Book):
    book.do(PAID, "c1")
    book.do(OpenDispute("d1", "p"), "act:dispute")

    assert book.next_due_ms(with_expiry=False) is None
    assert book.next_due_ms() is not None


def test_a_contested_dispute_waits_for_the_bank(book: Book, clock: Clock):
    book.do(PAID, "c1")
    book.do(OpenDispute("d1", "p"), "act:dispute")

    contested = book.do(ContestDispute("d1"), "c2")
    again = book.do(ContestDispute("d1"), "c3")
    clock.advance(10 * EVIDENCE_MS)
    left = book.run_due()
    won = book.do(CloseDispute("d1", is_won=True), "act:dispute")

    assert _told(contested) == [("dispute.contested", [])]
    assert again.refusal is not None
    assert (left, _told(won)) == ((), [("dispute.won", [("dispute_won", 100)])])


def test_evidence_after_its_day_is_refused(book: Book, clock: Clock):
    book.do(PAID, "c1")
    book.do(OpenDispute("d1", "p"), "act:dispute")

    clock.advance(EVIDENCE_MS)
    late = book.do(ContestDispute("d1"), "c2")
    book.run_due()
    later = book.do(ContestDispute("d1"), "c3")

    assert late.refusal is not None
    assert "has passed" in late.refusal.message
    assert later.refusal is not None
    assert later.refusal.message == "the dispute is lost"


def test_a_dispute_is_decided_once(book: Book):
    book.do(PAID, "c1")
    book.do(OpenDispute("d1", "p"), "act:dispute")
    book.do(CloseDispute("d1", is_won=True), "act:dispute")

    outcome = book.do(CloseDispute("d1", is_won=False), "act:dispute")

    assert outcome.refusal is not None
    assert outcome.refusal.code == "wrong_state"


@pytest.mark.parametrize("close", [None, CloseDispute("d1", is_won=False)])
def test_a_strict_provider_refunds_no_disputed_payment(book: Book, close: CloseDispute | None):
    book.do(PAID, "c1")
    book.do(OpenDispute("d1", "p", 60), "act:dispute")
    if close:
        book.do(close, "act:dispute")

    outcome = book.do(RefundPayment("r1", "p", 10), "c2")

    assert outcome.refusal is not None
    assert outcome.refusal.code == "disputed"


def test_a_permissive_provider_lets_a_lost_payment_be_refunded_again(lax: Book):
    lax.do(PAID, "c1")
    lax.do(OpenDispute("d1", "p"), "act:dispute")
    lax.do(CloseDispute("d1", is_won=False), "act:dispute")

    outcome = lax.do(RefundPayment("r1", "p"), "c2")

    assert outcome.refusal is None
    assert lax.ledger.balance("merchant", "EUR") == -100


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (OpenDispute("d2", "p", 101), "amount_too_large"),
        (OpenDispute("d2", "p", 0), "amount_too_small"),
    ],
)
def test_a_dispute_is_about_captured_money(book: Book, command: OpenDispute, code: str):
    book.do(PAID, "c1")

    outcome = book.do(command, "act:dispute")

    assert outcome.refusal is not None
    assert outcome.refusal.code == code


def test_one_dispute_at_a_time(book: Book):
    book.do(PAID, "c1")
    book.do(OpenDispute("d1", "p", 10), "act:dispute")

    outcome = book.do(OpenDispute("d2", "p", 10), "act:dispute")

    assert outcome.refusal is not None
    assert outcome.refusal.code == "disputed"


def test_another_dispute_may_follow_one_that_was_won(book: Book):
    book.do(PAID, "c1")
    book.do(OpenDispute("d1", "p"), "act:dispute")
    book.do(CloseDispute("d1", is_won=True), "act:dispute")

    outcome = book.do(OpenDispute("d2", "p"), "act:dispute")

    assert _told(outcome) == [("dispute.opened", [("dispute_open", 100)])]
    assert book.disputes_of("p") == (book.dispute("d1"), book.dispute("d2"))


def test_an_unknown_refund_outcome_is_our_bug(book: Book):
    book.do(PAID, "c1")

    with pytest.raises(AssertionError, match="sometimes"):
        book.do(RefundPayment("r1", "p", outcome="sometimes"), "c2")
