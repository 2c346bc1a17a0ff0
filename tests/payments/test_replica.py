"""What a read replica answers: a book as it was some changes ago."""

from __future__ import annotations

import pytest

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.payments.book import Book
from badgateway.payments.commands import CapturePayment, CreatePayment, FailRefund, OpenDispute, RefundPayment
from badgateway.payments.model import Capture


@pytest.fixture
def book():
    """Give a book with one payment that was held, captured and refunded, and a newer one that was paid."""
    book = Book(Clock(started_ms=1_700_000_000_000), Ids(1, "n"))
    held = CreatePayment("pi_1", 1000, "EUR", capture=Capture.MANUAL, method="pm_1", charge=True)
    later = [CapturePayment("pi_1"), RefundPayment("re_1", "pi_1", 400), CreatePayment("pi_2", 700, "EUR")]
    for command in (held, *later):
        assert book.do(command, "call1").refusal is None
    return book


@pytest.mark.parametrize(
    ("behind", "status", "captured", "refunded"),
    [(0, "succeeded", 1000, 400), (2, "succeeded", 1000, 0), (3, "authorized", 0, 0), (4, "new", 0, 0)],
)
def test_a_payment_is_as_it_was_before_its_newest_changes(book, behind, status, captured, refunded):
    before = book.behind(behind, "pi_1").payment("pi_1")

    assert (before.status, before.captured_minor, before.refunded_minor) == (status, captured, refunded)


def test_what_was_not_made_yet_is_not_there(book):
    assert book.behind(5, "pi_1").payment("pi_1") is None
    assert book.behind(99, "pi_1").payments() == ()


def test_a_refund_is_there_from_the_change_that_made_it(book):
    assert book.behind(0, "re_1").refunds_of("pi_1") == book.refunds_of("pi_1")
    assert book.behind(2, "re_1").refund("re_1") is None
    assert book.behind(2, "re_1").refunds_of("pi_1") == ()


def test_a_refund_that_failed_since_had_succeeded(book):
    assert book.do(FailRefund("re_1"), "act:fail_refund").refusal is None

    assert book.behind(0).refund("re_1").status == "failed"
    assert book.behind(1, "re_1").refund("re_1").status == "succeeded"


def test_a_dispute_is_there_from_the_change_that_made_it(book):
    assert book.do(OpenDispute("du_1", "pi_1"), "act:dispute").refusal is None

    assert [one.id for one in book.behind(0).disputes_of("pi_1")] == ["du_1"]
    assert book.behind(1, "du_1").dispute("du_1") is None
    assert book.behind(1, "du_1").disputes_of("pi_1") == ()


def test_changes_are_counted_for_the_payment_that_is_named_by_whatever_id_it_is_known(book):
    attempt = book.payment("pi_1").attempts[0].id

    by_attempt, by_nothing_known = book.behind(1, "cus_1", attempt), book.behind(1, "cus_1")

    assert (by_attempt.payment("pi_2"), by_nothing_known.payment("pi_2")) == (None, None)
    assert by_nothing_known.refund("re_1") is not None


def test_all_payments_are_listed_oldest_first(book):
    assert [one.id for one in book.behind(0).payments()] == ["pi_1", "pi_2"]
    assert book.behind(0).payments() == book.payments()


def test_the_ledger_knows_nothing_of_replicas(book):
    entries = book.ledger.since(0)

    book.behind(3, "pi_1")

    assert book.ledger.since(0) == entries
    assert book.payment("pi_1").refunded_minor == 400
