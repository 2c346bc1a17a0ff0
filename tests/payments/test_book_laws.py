"""The laws of the book, checked after every command of random sequences."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.payments.book import Book
from badgateway.payments.commands import (
    Authenticate,
    CapturePayment,
    ChargePayment,
    Clear,
    CloseDispute,
    Command,
    CreatePayment,
    ExpireAuthorization,
    FailCapture,
    FailRefund,
    IncrementAuthorization,
    OpenDispute,
    RefundPayment,
    UpdatePayment,
    VoidPayment,
)
from badgateway.payments.decisions import CARDS, decision
from badgateway.payments.ledger import ACCOUNTS, DISPUTED, HOLDS, MERCHANT, SHOPPER
from badgateway.payments.model import Capture, Decision, Outcome, Payment, Status

HOUR_MS = 3_600_000
PAYMENTS, REFUNDS, DISPUTES = (
    tuple(f"{letter}{n}" for n in range(size)) for letter, size in (("p", 2), ("r", 4), ("d", 2))
)
CURRENCIES = ("EUR", "JPY")
PARTIAL = "partial"

payment_ids = st.sampled_from(PAYMENTS)
amounts = st.none() | st.integers(1, 5) | st.integers(-1, 12)
good = st.sampled_from([None, "approved", PARTIAL])
cards = good | st.sampled_from([*CARDS, PARTIAL])
flags = st.booleans()
creates = st.builds(
    CreatePayment,
    payment_ids,
    st.integers(0, 12),
    st.sampled_from(CURRENCIES),
    st.sampled_from(Capture),
    method=cards,
    charge=flags,
    off_session=flags,
)
charges = st.builds(ChargePayment, payment_ids, cards, error_on_action=flags)
captures = st.builds(CapturePayment, payment_ids, amounts, flags)
outcomes = st.sampled_from(["succeeded", "pending", "fails_later"])
refunds = st.builds(RefundPayment, st.sampled_from(REFUNDS), payment_ids, amounts, outcome=outcomes)
acts = st.one_of(
    st.builds(Authenticate, payment_ids, flags),
    st.builds(Clear, payment_ids, flags),
    st.builds(Clear, payment_ids, flags, st.sampled_from(REFUNDS)),
    st.builds(FailCapture, payment_ids),
    st.builds(IncrementAuthorization, payment_ids, st.integers(1, 400)),
    st.builds(FailRefund, st.sampled_from(REFUNDS)),
    st.builds(OpenDispute, st.sampled_from(DISPUTES), payment_ids, amounts),
    st.builds(CloseDispute, st.sampled_from(DISPUTES), flags),
)
ends = st.one_of(st.builds(VoidPayment, payment_ids), st.builds(ExpireAuthorization, payment_ids))
updates = st.builds(UpdatePayment, payment_ids, amounts, st.none() | st.sampled_from(CURRENCIES))
commands = st.one_of(
    creates, updates, charges, charges, captures, captures, refunds, refunds, ends, acts, acts
)
starts = st.tuples(
    *(
        st.builds(
            CreatePayment,
            st.just(payment_id),
            st.integers(4, 12),
            st.sampled_from(CURRENCIES),
            st.sampled_from(Capture),
            method=cards,
            charge=st.just(value=True),
        )
        for payment_id in PAYMENTS
    )
)
hours = st.integers(1, 8 * 24)
any_story = st.builds(
    lambda first, rest: [*first, *rest],
    starts,
    st.lists(st.one_of(*[commands] * 6, hours), max_size=15),
)
# Most random commands come at a bad moment, so half of the stories are about one paid payment.
first = st.just(PAYMENTS[0])
paid_story = st.builds(
    lambda start, rest: [start, *rest],
    st.builds(
        CreatePayment,
        first,
        st.integers(6, 12),
        capture=st.sampled_from(Capture),
        currency=st.just("EUR"),
        method=good,
        charge=st.just(value=True),
    ),
    st.lists(
        st.one_of(
            *[st.builds(CapturePayment, first, amounts, flags)] * 2,
            *[st.builds(RefundPayment, st.sampled_from(REFUNDS), first, amounts, outcome=outcomes)] * 3,
            st.builds(Clear, first, flags, st.sampled_from(REFUNDS)),
            st.builds(FailRefund, st.sampled_from(REFUNDS)),
            *[st.builds(OpenDispute, st.sampled_from(DISPUTES), first, amounts)] * 2,
            *[st.builds(CloseDispute, st.sampled_from(DISPUTES), flags)] * 2,
            st.builds(FailCapture, first),
            st.builds(IncrementAuthorization, first, st.integers(1, 400)),
            st.builds(ChargePayment, first, good),
            st.builds(VoidPayment, first),
            hours,
        ),
        min_size=4,
        max_size=14,
    ),
)
stories = any_story | paid_story


def _decide(payment: Payment) -> Decision:
    if payment.method == PARTIAL:
        return decision(approved_minor=max(1, payment.amount_minor // 2))
    return CARDS[payment.method or "approved"]


def _state(book: Book) -> tuple[Any, ...]:
    known = tuple((book.refunds_of(one), book.disputes_of(one)) for one in PAYMENTS)
    return book.payments(), known, len(book.ledger), book.next_due_ms()


def _play(book: Book, clock: Clock, step: Command | int) -> tuple[Outcome, ...]:
    if isinstance(step, int):
        clock.advance(step * HOUR_MS)
        return book.run_due()
    return (book.do(step, "call"),)


@settings(max_examples=500, deadline=None, derandomize=True, database=None)
@given(stories, flags)
def test_the_laws_hold_after_every_command(story: list[Command | int], is_strict: bool):
    clock = Clock(started_ms=0)
    book = Book(clock, Ids(1, "laws"), is_strict=is_strict, decide=_decide)

    for step in story:
        before = _state(book)
        outcomes = _play(book, clock, step)

        _check_outcomes(book, before, outcomes)
        for payment in book.payments():
            _check_payment(book, payment)
            _check_plans(book, payment)
            if is_strict:
                _check_strict(book, payment)
        _check_conservation(book)


def _check_outcomes(book: Book, before: tuple[Any, ...], outcomes: tuple[Outcome, ...]) -> None:
    happenings = tuple(happening for outcome in outcomes for happening in outcome.happenings)
    told = [entry for happening in happenings for entry in happening.ledger]
    assert happenings == book.drain()
    assert list(book.ledger.since(before[2])) == told
    assert [entry.seq for entry in told] == list(range(before[2] + 1, len(book.ledger) + 1))
    for happening in happenings:
        assert happening.before is None or happening.before.id == happening.payment.id
        assert {entry.cause for entry in happening.ledger} <= {happening.cause}
    if not any(outcome.is_applied for outcome in outcomes):
        assert _state(book)[:3] == before[:3]
    for outcome in outcomes:
        assert outcome.is_applied or outcome.refusal is not None
        if outcome.refusal is not None and outcome.is_applied:
            assert outcome.refusal.code in {"declined", "authentication_required"}
            assert not any(happening.ledger for happening in outcome.happenings)


def _check_payment(book: Book, payment: Payment) -> None:
    entries = [entry for entry in book.ledger.entries() if entry.payment_id == payment.id]
    kinds: Counter[str] = Counter()
    stands: Counter[str] = Counter()
    for entry in entries:
        assert sum(amount for _, amount in entry.postings) == 0
        assert entry.currency == payment.currency
        kinds[entry.kind] += entry.amount_minor
        for account, amount in entry.postings:
            stands[account] += amount
    refunds, disputes = book.refunds_of(payment.id), book.disputes_of(payment.id)
    lost = sum(one.amount_minor for one in disputes if one.status == "lost")
    frozen = sum(one.amount_minor for one in disputes if one.status == "open")

    assert payment.held_minor == stands[HOLDS]
    assert payment.captured_minor == kinds["capture"] - kinds["capture_fail"]
    assert payment.refunded_minor == kinds["refund"] - kinds["refund_fail"]
    assert payment.refunded_minor == sum(one.amount_minor for one in refunds if one.status != "failed")
    assert frozen == stands[DISPUTED]
    assert lost == kinds["dispute_lost"]
    assert stands[MERCHANT] == payment.captured_minor - payment.refunded_minor - frozen - lost
    assert payment.captured_minor == sum(attempt.captured_minor for attempt in payment.attempts)
    assert payment.refunded_minor == sum(attempt.refunded_minor for attempt in payment.attempts)
    assert payment.is_disputed == bool(frozen or lost)
    assert payment.held_minor >= 0
    assert (payment.held_minor > 0) == (payment.status is Status.AUTHORIZED)
    assert (payment.held_until_ms is not None) == (payment.status is Status.AUTHORIZED)
    assert (payment.captured_minor > 0) == (payment.status is Status.SUCCEEDED) or (
        payment.status is Status.AUTHORIZED
    )


def _check_plans(book: Book, payment: Payment) -> None:
    """Only what waits has an answer that comes later, and only what ends by itself is planned."""
    is_waiting = payment.status in {Status.ACTION, Status.PENDING}
    is_ending = payment.status in {Status.PENDING, Status.AUTHORIZED}
    assert (payment.id in book._waits) == is_waiting
    assert (payment.id in book._agenda._numbers) == is_ending


def _check_strict(book: Book, payment: Payment) -> None:
    asked = sum(one.amount_minor for one in book.disputes_of(payment.id) if one.status in {"open", "lost"})
    assert payment.refunded_minor + asked <= payment.captured_minor
    assert payment.captured_minor + payment.held_minor <= payment.amount_minor


def _check_conservation(book: Book) -> None:
    posted: Counter[tuple[str, str]] = Counter()
    for entry in book.ledger.entries():
        for account, amount in entry.postings:
            posted[account, entry.currency] += amount
    for currency in CURRENCIES:
        balances = {account: book.ledger.balance(account, currency) for account in ACCOUNTS}
        assert balances == {account: posted[account, currency] for account in ACCOUNTS}
        assert sum(balances.values()) == 0
        assert balances[SHOPPER] <= 0 or not book.is_strict


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(stories)
def test_equal_stories_make_equal_books(story: list[Command | int]):
    clocks = (Clock(started_ms=0), Clock(started_ms=0))
    books = tuple(Book(clock, Ids(1, "same"), decide=_decide) for clock in clocks)

    for step in story:
        for book, clock in zip(books, clocks, strict=True):
            _play(book, clock, step)

    assert _state(books[0]) == _state(books[1])
    assert books[0].ledger.entries() == books[1].ledger.entries()
    assert books[0].drain() == books[1].drain()
