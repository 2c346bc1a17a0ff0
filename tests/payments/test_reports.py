"""The settlement report of a payout: its rows come to its total, unless a flaw was asked for."""

from __future__ import annotations

import csv
import io
import json

import pytest

from badgateway.ground.clock import Clock
from badgateway.payments.book import Book
from badgateway.payments.commands import CloseDispute, CreatePayment, OpenDispute, RefundPayment
from badgateway.payments.report_file import CSV, FORMATS, JSON
from badgateway.payments.reports import KINDS, report_id, reports_of, summary
from badgateway.payments.settlement import REPORT_DUE_MS


@pytest.fixture
def sold(book: Book) -> Book:
    """Give a book with two payments, a refund and a dispute that was won."""
    for name, amount in (("p1", 10_000), ("p2", 4_999)):
        book.do(CreatePayment(name, amount, "EUR", charge=True), "c1")
    book.do(RefundPayment("r1", "p1", 1_000), "c2")
    book.do(OpenDispute("d1", "p2"), "act:dispute")
    book.do(CloseDispute("d1", is_won=True), "act:dispute")
    return book


def told(book: Book, **given: object):
    """Settle, pay out, and give the one report."""
    late_ms = given.pop("late_ms", 0)
    book.settlement.settle("act:settle", **given)  # type: ignore[arg-type]
    book.settlement.pay_out("act:payout", late_ms)  # type: ignore[arg-type]
    return reports_of(book.settlement, {"p1": "ref1", "p2": "ref2"}.get)[-1]


def test_every_kind_of_movement_has_a_row_and_the_payout_takes_their_sum_to_nothing(sold: Book):
    sold.settlement.adjust(-250, "EUR", "charge", "act:adjust")
    sold.settlement.adjust(40, "EUR", "credit", "act:adjust")

    report = told(sold)

    assert {row.kind for row in report.rows} == set(KINDS)
    assert sum(row.net_minor for row in report.rows) == 0
    assert -report.rows[-1].net_minor == report.total_minor
    assert [(row.payment, row.order_reference, row.source) for row in report.rows if row.payment == "p1"] == [
        ("p1", "ref1", None),
        ("p1", "ref1", "r1"),
    ]


@pytest.mark.parametrize(
    ("flaws", "left"), [({"p1": "missing"}, 9_825), ({"p1": "repeated"}, -9_825), ({"p2": "misstated"}, 123)]
)
def test_a_flaw_of_one_payment_leaves_a_difference(sold: Book, flaws: dict[str, str], left: int):
    report = told(sold, flaws=flaws, short_minor=123)

    assert -sum(row.net_minor for row in report.rows) == left


def test_a_report_keeps_its_id_and_grows_a_revision_when_a_row_is_mended(sold: Book):
    first = told(sold, flaws={"p1": "late"})
    sold.do(CreatePayment("p3", 2_000, "EUR", charge=True), "c3")

    sold.settlement.settle("act:settle")

    (mended,) = reports_of(sold.settlement)
    assert (first.id, first.revision) == (report_id(first.payout), 1)
    assert (mended.id, mended.revision) == (first.id, 2)
    assert sum(row.net_minor for row in mended.rows) == 0


def test_a_late_report_is_announced_with_the_day_on_which_it_is_due(sold: Book, clock: Clock):
    report = told(sold, late_ms=2 * REPORT_DUE_MS)
    before, after = clock.now_ms(), clock.now_ms() + 2 * REPORT_DUE_MS

    assert report.due_ms == before + REPORT_DUE_MS
    assert (report.is_ready(before), report.is_ready(after)) == (False, True)
    assert (summary(report, before)["status"], summary(report, after)["status"]) == ("announced", "ready")


def test_both_formats_hold_the_same_whole_minor_units(sold: Book):
    report = told(sold)

    as_rows = list(csv.DictReader(io.StringIO(FORMATS[CSV](report).decode())))
    as_object = json.loads(FORMATS[JSON](report), parse_float=pytest.fail)

    assert [int(row["net_minor"]) for row in as_rows] == [row["net_minor"] for row in as_object["rows"]]
    assert {row["report"] for row in as_rows} == {as_object["id"]}
    assert as_rows[-1]["kind"] == "payout"


def test_a_converted_row_tells_its_rate_and_what_it_was(book: Book):
    book.settlement.settles_in = "EUR"
    book.do(CreatePayment("p1", 1_000_000, "HUF", charge=True), "c1")

    row = told(book).rows[0]

    assert (row.original_minor, row.original_currency, row.currency) == (1_000_000, "HUF", "EUR")
    assert row.exchange_rate is not None
