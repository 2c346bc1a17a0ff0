"""Every row of the table, driven through a real book into every status."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from badgateway.payments.book import Book
from badgateway.payments.commands import (
    Authenticate,
    CapturePayment,
    ChargePayment,
    Clear,
    CloseDispute,
    Command,
    ContestDispute,
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
from badgateway.payments.model import Capture, Status
from badgateway.payments.transitions import ALLOWED, TABLE, kind_of, refusal_for

MANUAL = Capture.MANUAL
PLAIN: dict[Status, tuple[Command, ...]] = {
    Status.NEW: (CreatePayment("p", 100, "EUR"),),
    Status.ACTION: (CreatePayment("p", 100, "EUR", method="authentication_required", charge=True),),
    Status.PENDING: (CreatePayment("p", 100, "EUR", method="pending_then_succeeds", charge=True),),
    Status.AUTHORIZED: (
        CreatePayment("p", 100, "EUR", MANUAL, charge=True),
        CapturePayment("p", 40, is_final=False),
    ),
    Status.SUCCEEDED: (CreatePayment("p", 100, "EUR", charge=True),),
    Status.VOIDED: (CreatePayment("p", 100, "EUR", MANUAL, charge=True), VoidPayment("p")),
    Status.EXPIRED: (CreatePayment("p", 100, "EUR", MANUAL, charge=True), ExpireAuthorization("p")),
}
COMMANDS: dict[str, Command] = {
    "annotate": UpdatePayment("p", order_ref="o1"),
    "update": UpdatePayment("p", 90),
    "charge": ChargePayment("p"),
    "authenticate": Authenticate("p"),
    "clear": Clear("p"),
    "capture": CapturePayment("p", 10),
    "increment_authorization": IncrementAuthorization("p", 120),
    "void": VoidPayment("p"),
    "expire_authorization": ExpireAuthorization("p"),
    "fail_capture": FailCapture("p"),
    "refund": RefundPayment("r", "p", 10),
    "clear_refund": Clear("p", refund_id="r"),
    "fail_refund": FailRefund("r"),
    "open_dispute": OpenDispute("d", "p", 10),
    "contest_dispute": ContestDispute("d"),
    "close_dispute": CloseDispute("d", is_won=True),
}
BEFORE: dict[str, Command] = {
    "clear_refund": RefundPayment("r", "p", 10, outcome="pending"),
    "fail_refund": RefundPayment("r", "p", 10),
    "contest_dispute": OpenDispute("d", "p", 10),
    "close_dispute": OpenDispute("d", "p", 10),
}


def _lead_to(book: Book, status: Status) -> None:
    for command in PLAIN[status]:
        book.do(command, "call")
    reached = book.payment("p")
    assert reached is not None
    assert reached.status is status


@pytest.mark.parametrize(("kind", "status"), list(TABLE))
def test_every_row_says_what_the_book_does(book: Book, kind: str, status: Status):
    _lead_to(book, status)
    prepared = kind not in BEFORE or book.do(BEFORE[kind], "call").is_applied
    before, entries = book.payment("p"), len(book.ledger)

    outcome = book.do(COMMANDS[kind], "call")

    if TABLE[kind, status] == ALLOWED:
        assert outcome.refusal is None
        assert outcome.is_applied
    else:
        # Where nothing is captured there is no refund and no dispute, so the book does not know the id.
        code = TABLE[kind, status] if prepared else "unknown_object"
        assert outcome.refusal is not None
        assert outcome.refusal.code == code
        assert (book.payment("p"), len(book.ledger), outcome.is_applied) == (before, entries, False)


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_command_falls_under_its_row(kind: str):
    assert kind_of(COMMANDS[kind]) == kind


def test_the_table_has_a_row_for_every_command_and_a_column_for_every_status():
    assert set(TABLE) == {(kind, status) for kind in COMMANDS for status in Status}


@pytest.mark.parametrize(("kind", "status"), [cell for cell, code in TABLE.items() if code != ALLOWED])
def test_a_refusal_names_the_status_and_carries_the_payment(book: Book, kind: str, status: Status):
    _lead_to(book, status)
    payment = book.payment("p")
    assert payment is not None

    refusal = refusal_for(COMMANDS[kind], payment)

    assert refusal is not None
    assert refusal.payment == payment
    assert status in refusal.message


@pytest.mark.parametrize(
    "command",
    [command for kind, command in COMMANDS.items() if kind != "annotate"]
    + [UpdatePayment("p", order_ref="o")],
)
def test_an_unknown_object_is_refused(book: Book, command: Command):
    outcome = book.do(command, "call")

    assert outcome.refusal is not None
    assert outcome.refusal.code == "unknown_object"
    assert book.payments() == ()


@pytest.mark.parametrize(
    "make",
    [
        lambda: CreatePayment("p", 5, "EUR"),
        lambda: RefundPayment("r", "p", 5),
        lambda: OpenDispute("d", "p", 5),
    ],
)
def test_an_id_is_used_once(book: Book, make: Callable[[], Command]):
    for command in (
        CreatePayment("p", 100, "EUR", charge=True),
        RefundPayment("r", "p", 10),
        OpenDispute("d", "p", 10),
    ):
        book.do(command, "call")

    outcome = book.do(make(), "call")

    assert outcome.refusal is not None
    assert outcome.refusal.code == "invalid"
