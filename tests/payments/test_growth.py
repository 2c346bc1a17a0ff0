"""A long book costs a request no more than a short one: counted in questions to the attic, not in time."""

from __future__ import annotations

import pytest

from badgateway.ground.attic import Attic
from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.payments.agenda import Agenda
from badgateway.payments.book import Book
from badgateway.payments.change import Due
from badgateway.payments.commands import (
    CapturePayment,
    CreatePayment,
    ExpireAuthorization,
    OpenDispute,
    RefundPayment,
)
from badgateway.payments.idempotency import SLACK_MS, Fresh, KeyStore, Replay
from badgateway.payments.model import Capture

KEEP = 4


def paid(payments: int) -> tuple[Book, Attic]:
    """Give a book with so many payments, most of them in the attic."""
    attic = Attic(KEEP)
    book = Book(Clock(started_ms=1_700_000_000_000), Ids(1, "n"), attic=attic)
    for n in range(1, payments + 1):
        book.do(CreatePayment(f"pi_{n}", 1000 + n, "EUR", method="pm", charge=True), f"call{n}")
        book.drain()
    return book, attic


def questions(payments: int) -> dict[str, int]:
    """Count what each request to a book asks the attic."""
    book, attic = paid(payments)
    attempt = book.payment("pi_1").attempts[0].id
    work = {
        "pay": lambda: book.do(CreatePayment("pi_new", 5, "EUR", method="pm", charge=True), "call"),
        "look": lambda: book.payment("pi_7"),
        "unknown": lambda: book.payment("pi_0"),
        "attempt": lambda: book.payment_of_attempt(attempt),
        "refund": lambda: book.do(RefundPayment("re_1", "pi_1", 400), "call"),
        "dispute": lambda: book.do(OpenDispute("du_1", "pi_2"), "call"),
        "page": lambda: [
            one for one, _ in zip(book.payments().newest_first("pi_90"), range(10), strict=False)
        ],
        "behind": lambda: book.behind(1, "pi_1").payment("pi_1"),
        "due": book.run_due,
        "since": lambda: book.ledger.since(len(book.ledger) - 2),
    }
    counts = {}
    for name, ask in work.items():
        before = attic.asked
        assert ask() is not None or name == "unknown"
        counts[name] = attic.asked - before
    attic.close()
    return counts


def test_no_request_asks_more_of_a_long_book_than_of_a_short_one():
    short, long = questions(600), questions(3000)

    assert short == long
    assert max(long.values()) <= 20


def test_an_old_payment_is_refunded_and_disputed_like_any_other():
    book, attic = paid(1000)

    refunded = book.do(RefundPayment("re_1", "pi_3", 400), "call").payment
    disputed = book.do(OpenDispute("du_1", "pi_3"), "call").payment

    assert (refunded.refunded_minor, disputed.is_disputed) == (400, True)
    assert [one.id for one in book.refunds_of("pi_3")] == ["re_1"]
    assert [one.id for one in book.disputes_of("pi_3")] == ["du_1"]
    assert book.do(RefundPayment("re_2", "pi_3", 1), "call").refusal.code == "disputed"
    attic.close()


def test_the_ledger_stays_exact_when_most_of_it_is_in_the_attic():
    book, attic = paid(700)

    entries = book.ledger.entries()

    assert [one.seq for one in entries] == list(range(1, 1401))
    assert sum(one.amount_minor for one in entries if one.kind == "capture") == book.ledger.balance(
        "merchant", "EUR"
    )
    attic.close()


def test_an_old_hold_is_captured_and_lapses_in_its_time():
    attic = Attic(KEEP)
    clock = Clock(started_ms=0)
    book = Book(clock, Ids(1, "n"), attic=attic)
    for n in range(600):
        book.do(CreatePayment(f"pi_{n}", 10, "EUR", Capture.MANUAL, method="pm", charge=True), "call")
    book.do(CapturePayment("pi_5"), "call")
    clock.jump_to(book.next_due_ms())

    lapsed = book.run_due()

    assert len(lapsed) == 599
    assert [book.payment(one).status for one in ("pi_4", "pi_5")] == ["expired", "succeeded"]
    attic.close()


def test_what_was_dropped_from_the_agenda_does_not_pile_up():
    agenda = Agenda()
    for n in range(10_000):
        agenda.put(Due(f"pi_{n}", 1000 - n % 7, ExpireAuthorization(f"pi_{n}"), is_lapse=True))
        agenda.drop(f"pi_{n}")

    agenda.put(Due("pi_x", 5, ExpireAuthorization("pi_x"), is_lapse=True))

    assert len(agenda._lapses._heap) < 100
    assert agenda.next_ms(with_expiry=False) is None
    assert (agenda.take(4), agenda.take(5).key, agenda.take(5)) == (None, "pi_x", None)


@pytest.mark.parametrize("age_ms", [0, SLACK_MS, 2 * SLACK_MS])
def test_a_key_is_forgotten_on_time_whether_or_not_it_was_cleared_away(age_ms):
    attic = Attic(KEEP)
    keys = KeyStore(attic=attic)
    for n in range(1000):
        keys.begin(f"key{n}", "print", n)
        keys.finish(f"key{n}", f"answer{n}", is_stored=True)

    young = keys.begin("key999", "print", keys.rules.retention_ms + 998)
    old = keys.begin("key998", "print", keys.rules.retention_ms + 998 + age_ms)

    assert young == Replay("answer999")
    assert old == Fresh()
    assert len(keys) == (1000 if age_ms < SLACK_MS else 1)
    attic.close()
