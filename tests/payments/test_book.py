"""The book as a whole: what it remembers, what it tells, what it does by itself."""

from __future__ import annotations

import pytest

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.payments.book import Book
from badgateway.payments.commands import (
    CapturePayment,
    ChargePayment,
    CreatePayment,
    RefundPayment,
    VoidPayment,
)
from badgateway.payments.decisions import DAY_MS, decision
from badgateway.payments.model import Capture, Status


def test_without_a_decider_everything_is_approved(clock: Clock):
    book = Book(clock, Ids(1, "n"))

    outcome = book.do(CreatePayment("p", 100, "EUR", method="anything", charge=True), "c1")

    assert outcome.refusal is None


def test_decide_next_overrides_one_decision(book: Book):
    book.decide_next = decision("declined", "stolen_card")
    book.do(CreatePayment("p", 100, "EUR"), "c1")

    first = book.do(ChargePayment("p"), "c2")
    second = book.do(ChargePayment("p"), "c3")

    assert first.refusal is not None
    assert first.refusal.failure is not None
    assert first.refusal.failure.code == "stolen_card"
    assert second.refusal is None
    assert book.decide_next is None


def test_decide_next_waits_for_a_charge_that_reaches_the_issuer(book: Book):
    book.do(CreatePayment("p", 100, "EUR", charge=True), "c1")
    book.decide_next = decision("declined")

    book.do(ChargePayment("p"), "c2")

    assert book.decide_next is not None


def test_drain_tells_everything_once_and_in_ledger_order(book: Book):
    book.do(CreatePayment("p", 100, "EUR", charge=True), "c1")
    book.do(RefundPayment("r", "p", 40), "c2")

    drained = book.drain()

    assert [happening.name for happening in drained] == [
        "payment.created",
        "payment.succeeded",
        "refund.created",
        "refund.succeeded",
    ]
    assert [entry.seq for happening in drained for entry in happening.ledger] == [1, 2, 3]
    assert [happening.cause for happening in drained] == ["c1", "c1", "c2", "c2"]
    assert book.drain() == ()


def test_a_happening_shows_the_payment_before_and_after(book: Book):
    book.do(CreatePayment("p", 100, "EUR", Capture.MANUAL, charge=True), "c1")
    book.drain()
    book.do(CapturePayment("p"), "c2")

    (happening,) = book.drain()

    assert happening.before is not None
    assert (happening.before.status, happening.payment.status) == (Status.AUTHORIZED, Status.SUCCEEDED)
    assert happening.payment == book.payment("p")


def test_snapshots_do_not_change(book: Book):
    details = {"metadata": {"order": "o1"}}
    payment = book.do(CreatePayment("p", 100, "EUR", details=details), "c1").payment
    details["metadata"]["order"] = "o2"
    book.do(ChargePayment("p"), "c2")

    assert payment is not None
    assert payment.status is Status.NEW
    assert payment.details == {"metadata": {"order": "o1"}}
    with pytest.raises(AttributeError, match="immutable"):
        payment.amount_minor = 1  # type: ignore[misc]
    with pytest.raises(TypeError):
        payment.details["x"] = 1  # type: ignore[index]


def test_objects_are_listed_oldest_first(book: Book):
    for payment_id in ("b", "a"):
        book.do(CreatePayment(payment_id, 100, "EUR", charge=True), "c")

    book.do(VoidPayment("b"), "c")

    assert [payment.id for payment in book.payments()] == ["b", "a"]
    assert (book.payment("x"), book.refund("x"), book.dispute("x")) == (None, None, None)


def test_what_is_due_is_done_earliest_first(book: Book, clock: Clock):
    book.do(CreatePayment("late", 100, "EUR", Capture.MANUAL, charge=True), "c1")
    book.do(CreatePayment("early", 100, "EUR", method="pending_then_fails", charge=True), "c2")
    clock.advance(30 * DAY_MS)

    outcomes = book.run_due()

    assert [outcome.payment.id for outcome in outcomes if outcome.payment] == ["early", "late"]
    assert {entry.at_ms for entry in book.ledger.entries()[1:]} == {clock.now_ms()}


def test_the_next_due_thing_can_leave_lapsing_holds_out(book: Book, clock: Clock):
    book.do(CreatePayment("held", 100, "EUR", Capture.MANUAL, charge=True), "c1")
    without_expiry = book.next_due_ms(with_expiry=False)
    book.do(CreatePayment("paid", 100, "EUR", charge=True), "c2")
    clock.advance(5 * DAY_MS)
    book.do(RefundPayment("r", "paid", outcome="pending"), "c3")

    assert without_expiry is None
    assert book.next_due_ms() == clock.now_ms() + 2 * DAY_MS
    assert book.next_due_ms(with_expiry=False) == clock.now_ms() + 3 * DAY_MS


def test_nothing_is_due_in_an_empty_book(book: Book):
    assert book.next_due_ms() is None
    assert book.run_due() == ()


def test_a_provider_may_hold_for_another_time(clock: Clock):
    book = Book(clock, Ids(1, "n"), authorization_ms=5 * DAY_MS)

    book.do(CreatePayment("p", 100, "EUR", Capture.MANUAL, charge=True), "c1")

    assert book.next_due_ms() == clock.now_ms() + 5 * DAY_MS


def test_each_command_meets_the_time_and_the_strictness_of_its_moment(book: Book, clock: Clock):
    first = book.do(CreatePayment("p", 100, "EUR", Capture.MANUAL, charge=True), "c1").payment
    clock.advance(DAY_MS)
    book.is_strict = False

    second = book.do(CreatePayment("q", 100, "EUR", Capture.MANUAL, charge=True), "c2").payment
    taken = book.do(CapturePayment("q", 150), "c3")

    assert second.created_ms == second.attempts[0].created_ms == first.created_ms + DAY_MS
    assert second.held_until_ms == first.held_until_ms + DAY_MS
    assert taken.refusal is None
