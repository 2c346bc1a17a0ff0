"""Settlement: lines with fees, payouts that hold them, and an equation that always closes."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.payments.book import Book
from badgateway.payments.commands import (
    CapturePayment,
    CloseDispute,
    Command,
    CreatePayment,
    FailCapture,
    FailRefund,
    OpenDispute,
    RefundPayment,
)
from badgateway.payments.ledger import ADJUSTMENTS, BANK, CONVERSION, FEES, MERCHANT
from badgateway.payments.model import Capture
from badgateway.payments.settlement import FLAWS, fee_for, nets


def _pay(book: Book, payment_id: str = "p", amount: int = 10_000, currency: str = "EUR") -> None:
    book.do(CreatePayment(payment_id, amount, currency, charge=True), "c1")


def test_a_capture_is_settled_less_its_fee_and_paid_out(book: Book):
    _pay(book)

    (line,) = book.settlement.settle("act:settle")
    (payout,) = book.settlement.pay_out("act:payout")

    assert (line.kind, line.gross_minor, line.fee_minor, line.net_minor) == ("capture", 10_000, 175, 9_825)
    assert (payout.amount_minor, payout.currency) == (9_825, "EUR")
    assert [one.payout_id for one in book.settlement.lines()] == [payout.id]
    assert [entry.kind for entry in book.ledger.entries()] == ["auth", "capture", "fee", "payout"]
    assert (book.ledger.balance(MERCHANT, "EUR"), book.ledger.balance(BANK, "EUR")) == (0, 9_825)
    assert book.ledger.balance(FEES, "EUR") == 175


def test_the_fee_does_not_come_back_with_a_refund(book: Book):
    _pay(book)
    book.do(RefundPayment("r", "p"), "c2")

    lines = book.settlement.settle("act:settle")

    assert [(line.term, line.gross_minor, line.fee_minor) for line in lines] == [
        ("captured", 10_000, 175),
        ("refunded", -10_000, 0),
    ]


def test_a_dispute_costs_a_fee_that_winning_does_not_bring_back(book: Book):
    _pay(book)
    book.do(OpenDispute("d", "p"), "act:dispute")
    book.do(CloseDispute("d", is_won=True), "act:dispute")

    lines = book.settlement.settle("act:settle")

    assert [(line.term, line.net_minor) for line in lines] == [
        ("captured", 9_825),
        ("lost", -12_000),
        ("won", 10_000),
    ]


@pytest.mark.parametrize(
    ("amount", "currency", "fee"),
    [(4_999, "EUR", 100), (4_200, "JPY", 63), (12_500, "KWD", 438), (1, "EUR", 25)],
)
def test_fees_are_whole_minor_units_of_every_currency(amount: int, currency: str, fee: int):
    assert fee_for("capture", amount, currency) == fee


def test_each_movement_is_settled_once(book: Book):
    _pay(book)
    book.settlement.settle("act:settle")

    again = book.settlement.settle("act:settle")

    assert again == ()
    assert len(book.settlement.lines()) == 1


def test_what_is_not_settled_is_not_paid_out(book: Book):
    _pay(book)

    payouts = book.settlement.pay_out("act:payout")

    assert payouts == ()


def test_a_negative_balance_waits_for_money_that_covers_it(book: Book):
    _pay(book)
    book.settlement.settle("act:settle")
    book.settlement.pay_out("act:payout")
    book.do(RefundPayment("r", "p"), "c2")
    book.settlement.settle("act:settle")

    nothing = book.settlement.pay_out("act:payout")
    _pay(book, "q", 20_000)
    book.settlement.settle("act:settle")
    (payout,) = book.settlement.pay_out("act:payout")

    assert nothing == ()
    assert [line.term for line in payout.lines] == ["refunded", "captured"]
    assert payout.amount_minor == 20_000 - 325 - 10_000


def test_a_reserve_is_held_back_and_released(book: Book):
    _pay(book)
    book.settlement.settle("act:settle")
    held = book.settlement.adjust(-2_000, "EUR", "reserve", "act:adjust")
    (first,) = book.settlement.pay_out("act:payout")
    released = book.settlement.adjust(2_000, "EUR", "release", "act:adjust")
    (second,) = book.settlement.pay_out("act:payout")

    assert (held.net_minor, held.term, held.reason) == (-2_000, "adjusted", "reserve")
    assert (released.net_minor, released.payment_id) == (2_000, None)
    assert (first.amount_minor, second.amount_minor) == (7_825, 2_000)
    assert book.ledger.balance(ADJUSTMENTS, "EUR") == 0


def test_currencies_are_settled_and_paid_out_apart(book: Book):
    _pay(book)
    _pay(book, "q", 4_200, "JPY")
    book.settlement.settle("act:settle")

    payouts = book.settlement.pay_out("act:payout")

    assert [(payout.currency, payout.amount_minor) for payout in payouts] == [("EUR", 9_825), ("JPY", 4_137)]


def test_all_is_settled_in_the_base_currency_where_there_is_one(book: Book):
    book.settlement.settles_in = "EUR"
    _pay(book, "q", 400_000, "HUF")

    (line,) = book.settlement.settle("act:settle")
    (payout,) = book.settlement.pay_out("act:payout")

    assert (line.gross_minor, line.currency, line.exchange_rate) == (1_000, "EUR", "0.002500")
    assert (line.source_minor, line.source_currency) == (400_000, "HUF")
    assert (payout.currency, payout.amount_minor) == ("EUR", 960)
    assert book.ledger.balance(MERCHANT, "HUF") == book.ledger.balance(MERCHANT, "EUR") == 0
    assert book.ledger.balance(CONVERSION, "HUF") == 400_000


@pytest.mark.parametrize(("flaw", "rows"), [("missing", 0), ("late", 0), ("repeated", 2), ("misstated", 1)])
def test_a_flaw_changes_what_is_told_and_not_what_is_paid(book: Book, flaw: str, rows: int):
    _pay(book)
    (line,) = book.settlement.settle("act:settle", flaw)
    (payout,) = book.settlement.pay_out("act:payout")

    stated = book.settlement.stated()

    assert len(stated) == rows
    assert len({one.id for one in stated}) == rows
    assert nets(stated)["EUR"] != payout.amount_minor == line.net_minor


def test_what_was_told_late_is_told_in_the_end(book: Book):
    _pay(book)
    book.settlement.settle("act:settle", "late")
    (payout,) = book.settlement.pay_out("act:payout")
    book.settlement.settle("act:settle")

    assert nets(book.settlement.stated())["EUR"] == payout.amount_minor


def test_payouts_are_told_once(book: Book):
    _pay(book)
    book.settlement.settle("act:settle")
    made = book.settlement.pay_out("act:payout")

    assert (book.settlement.drain(), book.settlement.drain()) == (made, ())
    assert book.settlement.payout(made[0].id) == made[0]


ids = st.sampled_from(["a", "b", "c"])
amounts = st.integers(1, 9_000)
commands = st.one_of(
    st.builds(
        CreatePayment,
        ids,
        amounts,
        st.sampled_from(["EUR", "JPY", "HUF"]),
        st.sampled_from(Capture),
        charge=st.just(value=True),
    ),
    st.builds(CapturePayment, ids, amounts, st.booleans()),
    st.builds(RefundPayment, st.sampled_from(["r", "s", "t"]), ids, st.none() | amounts),
    st.builds(FailRefund, st.sampled_from(["r", "s"])),
    st.builds(FailCapture, ids),
    st.builds(OpenDispute, st.sampled_from(["d", "e"]), ids, st.none() | amounts),
    st.builds(CloseDispute, st.sampled_from(["d", "e"]), st.booleans()),
)
steps = st.one_of(
    *[commands] * 4,
    st.tuples(st.just("settle"), st.none() | st.sampled_from(FLAWS)),
    st.tuples(st.just("adjust"), st.integers(-500, 500).filter(bool)),
    st.just(("payout", None)),
)


def _step(book: Book, step: Command | tuple[str, object]) -> None:
    match step:
        case ("settle", flaw):
            book.settlement.settle("act:settle", flaw)  # type: ignore[arg-type]
        case ("adjust", amount):
            book.settlement.adjust(amount, "EUR", "correction", "act:adjust")  # type: ignore[arg-type]
        case ("payout", _):
            book.settlement.pay_out("act:payout")
        case _:
            book.do(step, "call")  # type: ignore[arg-type]


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.lists(steps, max_size=20), st.sampled_from([None, "EUR"]), st.booleans())
def test_the_settlement_equation_closes_after_every_step(
    story: list[Command | tuple[str, object]], base: str | None, is_strict: bool
):
    book = Book(Clock(started_ms=0), Ids(1, "settled"), is_strict=is_strict)
    book.settlement.settles_in = base

    for step in [*story, ("settle", None)]:
        _step(book, step)

        _check_payouts(book)
        _check_look_ups(book)
        assert all(sum(minor for _, minor in entry.postings) == 0 for entry in book.ledger.entries())

    _check_balance(book)


def _check_payouts(book: Book) -> None:
    for payout in book.settlement.payouts():
        lines = [line for line in book.settlement.lines() if line.payout_id == payout.id]
        terms: Counter[str] = Counter()
        for line in lines:
            terms[line.term] += line.gross_minor
            terms["fees"] -= line.fee_minor
        assert payout.amount_minor == sum(terms.values()) > 0
        assert {line.currency for line in lines} == {payout.currency}


def _check_look_ups(book: Book) -> None:
    """Hold the look-ups of lines against a walk through all of them, flawed ones included."""
    settlement = book.settlement
    lines = settlement.lines()
    for known in ("a", "b", "c", "d", "e", "r", "s", "t", ""):
        assert settlement.lines_of_payment(known) == [one for one in lines if one.payment_id == known]
        assert settlement.lines_of_refund(known) == [one for one in lines if one.refund_id == known]
        assert settlement.lines_of_dispute(known) == [one for one in lines if one.dispute_id == known]


def test_books_that_share_a_ledger_settle_their_own_movements(book: Book):
    other = Book(book._clock, book._ids)
    other.share(book.ledger)
    _pay(book, "p")
    _pay(other, "q", 5_000)

    own, others = book.settlement.settle("act:settle"), other.settlement.settle("act:settle")

    assert [line.payment_id for line in (*own, *others)] == ["p", "q"]
    assert book.settlement.settle("act:settle") == other.settlement.settle("act:settle") == ()


def _check_balance(book: Book) -> None:
    """Hold what was settled and not paid out against what the ledger still owes the merchant."""
    waiting = nets(line for line in book.settlement.lines() if line.payout_id is None)
    for currency in ("EUR", "JPY", "HUF"):
        assert book.ledger.balance(MERCHANT, currency) == waiting[currency]
