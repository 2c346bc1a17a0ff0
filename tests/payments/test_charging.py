"""Charges: approved, declined, challenged, pending, in part."""

from __future__ import annotations

from copy import deepcopy
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badgateway.ground.clock import Clock
from badgateway.payments.book import Book
from badgateway.payments.charging import kept
from badgateway.payments.commands import (
    Authenticate,
    ChargePayment,
    Clear,
    CreatePayment,
    FailCapture,
    UpdatePayment,
)
from badgateway.payments.decisions import CARDS, DAY_MS, decision
from badgateway.payments.model import Capture, Outcome, Status


def _names(outcome: Outcome) -> list[str]:
    return [happening.name for happening in outcome.happenings]


def test_an_automatic_charge_holds_and_captures(book: Book):
    outcome = book.do(CreatePayment("p", 100, "EUR", charge=True), "c1")

    assert _names(outcome) == ["payment.created", "payment.succeeded"]
    assert [(entry.kind, entry.amount_minor, entry.cause) for entry in book.ledger.entries()] == [
        ("auth", 100, "c1"),
        ("capture", 100, "c1"),
    ]
    assert book.ledger.balance("merchant", "EUR") == 100


def test_a_manual_charge_holds_for_seven_days(book: Book, clock: Clock):
    outcome = book.do(CreatePayment("p", 100, "EUR", Capture.MANUAL, charge=True), "c1")

    assert outcome.payment is not None
    assert (outcome.payment.status, outcome.payment.held_minor) == (Status.AUTHORIZED, 100)
    assert outcome.payment.held_until_ms == clock.now_ms() + 7 * DAY_MS
    assert _names(outcome) == ["payment.created", "payment.authorized"]


@pytest.mark.parametrize("card", [word for word, decided in CARDS.items() if decided.kind == "declined"])
def test_a_decline_leaves_a_failed_attempt_and_no_money(book: Book, card: str):
    book.do(CreatePayment("p", 100, "EUR"), "c1")

    outcome = book.do(ChargePayment("p", card), "c2")

    assert outcome.is_applied
    assert outcome.refusal is not None
    assert (outcome.refusal.code, outcome.refusal.payment) == ("declined", book.payment("p"))
    assert outcome.payment is not None
    assert outcome.payment.status is Status.NEW
    assert [attempt.status for attempt in outcome.payment.attempts] == ["failed"]
    assert outcome.payment.failure == outcome.refusal.failure == CARDS[card].failure
    assert _names(outcome) == ["payment.failed"]
    assert len(book.ledger) == 0


def test_another_attempt_may_succeed_on_the_same_payment(book: Book):
    book.do(CreatePayment("p", 100, "EUR", method="insufficient_funds", charge=True), "c1")

    outcome = book.do(ChargePayment("p", "approved"), "c2")

    assert outcome.payment is not None
    assert outcome.payment.status is Status.SUCCEEDED
    assert outcome.payment.failure is None
    assert [attempt.status for attempt in outcome.payment.attempts] == ["failed", "captured"]
    assert [attempt.method for attempt in outcome.payment.attempts] == ["insufficient_funds", "approved"]


@pytest.mark.parametrize(
    ("is_passed", "status", "name"),
    [(True, Status.SUCCEEDED, "payment.succeeded"), (False, Status.NEW, "payment.failed")],
)
def test_the_shopper_ends_the_challenge(book: Book, is_passed: bool, status: Status, name: str):
    asked = book.do(CreatePayment("p", 100, "EUR", method="authentication_required", charge=True), "c1")

    outcome = book.do(Authenticate("p", is_passed), "act:authenticate")

    assert _names(asked) == ["payment.created", "payment.action_required"]
    assert outcome.payment is not None
    assert (outcome.payment.status, outcome.refusal) == (status, None)
    assert _names(outcome) == [name]


def test_a_failed_challenge_is_told_and_can_be_tried_again(book: Book):
    book.do(CreatePayment("p", 100, "EUR", method="authentication_required", charge=True), "c1")

    failed = book.do(Authenticate("p", is_passed=False), "act:authenticate").payment
    again = book.do(ChargePayment("p"), "c2").payment

    assert failed is not None
    assert failed.failure is not None
    assert failed.failure.code == "authentication_failed"
    assert again is not None
    assert (again.status, again.failure) == (Status.ACTION, None)


def test_a_passed_challenge_may_still_be_declined(book: Book):
    book.do(CreatePayment("p", 100, "EUR", method="authentication_then_declined", charge=True), "c1")

    outcome = book.do(Authenticate("p"), "act:authenticate")

    assert outcome.refusal is not None
    assert outcome.refusal.code == "declined"
    assert _names(outcome) == ["payment.failed"]


@pytest.mark.parametrize(
    "command",
    [
        ChargePayment("p", "authentication_required", off_session=True),
        ChargePayment("p", "authentication_required", error_on_action=True),
    ],
)
def test_a_challenge_that_nobody_can_answer_is_a_decline(book: Book, command: ChargePayment):
    book.do(CreatePayment("p", 100, "EUR"), "c1")

    outcome = book.do(command, "c2")

    assert outcome.refusal is not None
    assert outcome.refusal.code == "authentication_required"
    assert outcome.payment is not None
    assert (outcome.payment.status, len(outcome.payment.attempts)) == (Status.NEW, 1)


@pytest.mark.parametrize(
    ("card", "status", "attempt", "name"),
    [
        ("pending_then_succeeds", Status.SUCCEEDED, "captured", "payment.succeeded"),
        ("pending_then_fails", Status.NEW, "failed", "payment.failed"),
    ],
)
def test_a_pending_method_gets_its_outcome_three_days_later(
    book: Book, clock: Clock, card: str, status: Status, attempt: str, name: str
):
    asked = book.do(CreatePayment("p", 100, "EUR", method=card, charge=True), "c1")
    clock.advance(3 * DAY_MS - 1)
    too_early = book.run_due()
    clock.advance(1)

    (outcome,) = book.run_due()

    assert _names(asked) == ["payment.created", "payment.pending"]
    assert too_early == ()
    assert outcome.payment is not None
    assert outcome.payment.status is status
    assert [one.status for one in outcome.payment.attempts] == [attempt]
    assert [(one.name, one.cause) for one in outcome.happenings] == [(name, "act:clear")]


def test_a_pending_method_with_manual_capture_becomes_a_hold(book: Book):
    book.do(CreatePayment("p", 100, "EUR", Capture.MANUAL, method="pending_then_succeeds", charge=True), "c1")

    outcome = book.do(Clear("p"), "act:clear")

    assert outcome.payment is not None
    assert (outcome.payment.status, outcome.payment.held_minor) == (Status.AUTHORIZED, 100)


@pytest.mark.parametrize("capture", list(Capture))
def test_an_issuer_may_approve_a_part(book: Book, capture: Capture):
    book.decide_next = decision(approved_minor=60)

    payment = book.do(CreatePayment("p", 100, "EUR", capture, charge=True), "c1").payment

    assert payment is not None
    assert payment.amount_minor == 100
    assert payment.held_minor + payment.captured_minor == 60
    assert payment.attempts[-1].amount_minor == 60


def test_an_approval_in_another_currency_moves_that_currency(book: Book):
    book.do(CreatePayment("pi_1", 5000, "EUR"), "call1")
    book.decide_next = decision(approved_minor=700, currency="JPY")

    outcome = book.do(ChargePayment("pi_1"), "call2")

    assert (outcome.payment.currency, outcome.payment.captured_minor) == ("JPY", 700)
    assert {entry.currency for entry in book.ledger.since(0)} == {"JPY"}


def test_an_issuer_never_approves_more_than_was_asked(book: Book):
    book.decide_next = decision(approved_minor=150)

    payment = book.do(CreatePayment("p", 100, "EUR", charge=True), "c1").payment

    assert payment is not None
    assert payment.captured_minor == 100


@pytest.mark.parametrize(
    ("command", "code", "param"),
    [
        (CreatePayment("q", 0, "EUR"), "amount_too_small", "amount"),
        (CreatePayment("q", -5, "EUR"), "amount_too_small", "amount"),
        (CreatePayment("q", 5, "eur"), "invalid", "currency"),
        (UpdatePayment("p", 0), "amount_too_small", "amount"),
        (UpdatePayment("p", currency="ZZZ"), "invalid", "currency"),
    ],
)
def test_amounts_and_currencies_are_checked(
    book: Book, command: CreatePayment | UpdatePayment, code: str, param: str
):
    book.do(CreatePayment("p", 100, "EUR"), "c1")

    outcome = book.do(command, "c2")

    assert outcome.refusal is not None
    assert (outcome.refusal.code, outcome.refusal.param) == (code, param)


def test_an_update_changes_what_it_names(book: Book):
    book.do(CreatePayment("p", 100, "EUR", details={"a": 1}), "c1")

    payment = book.do(UpdatePayment("p", 90, "JPY", "card", "o1"), "c2").payment

    assert payment is not None
    assert (payment.amount_minor, payment.currency, payment.method, payment.order_ref) == (
        90,
        "JPY",
        "card",
        "o1",
    )
    assert payment.details == {"a": 1}


def test_a_payment_that_has_moved_money_keeps_its_currency(book: Book):
    book.do(CreatePayment("p", 100, "EUR", charge=True), "c1")
    book.do(FailCapture("p"), "act:fail_capture")

    outcome = book.do(UpdatePayment("p", currency="JPY"), "c2")

    assert outcome.refusal is not None
    assert outcome.refusal.code == "currency_mismatch"


def test_a_payment_that_confirms_again_waits_after_the_challenge(book: Book):
    book.do(
        CreatePayment("p", 100, "EUR", method="authentication_required", charge=True, confirms_again=True),
        "c1",
    )

    passed = book.do(Authenticate("p"), "act:authenticate")
    charged = book.do(ChargePayment("p"), "c2")

    assert passed.payment is not None
    assert (passed.payment.status, passed.happenings) == (Status.NEW, ())
    assert charged.payment is not None
    assert (charged.payment.status, charged.payment.is_authenticated) == (Status.SUCCEEDED, False)


def test_another_method_is_challenged_anew(book: Book):
    book.do(
        CreatePayment("p", 100, "EUR", method="authentication_required", charge=True, confirms_again=True),
        "c1",
    )
    book.do(Authenticate("p"), "act:authenticate")

    other = book.do(ChargePayment("p", "authentication_then_declined"), "c2")

    assert other.payment is not None
    assert other.payment.status is Status.ACTION


_PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.floats(allow_nan=False)
_DETAILS = st.dictionaries(
    st.text(max_size=3),
    st.recursive(
        _PLAIN | st.tuples(_PLAIN, _PLAIN),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)


@given(_DETAILS)
def test_details_are_copied_however_deep_they_are(details: dict[str, Any]):
    copied = kept(details)

    assert dict(copied) == details == deepcopy(details)
    assert list(copied) == list(details)
    assert not set(_containers(dict(copied))) & set(_containers(details))


def test_details_that_are_read_only_already_are_kept_as_they_are():
    promised = MappingProxyType({"metadata": {"order": "o1"}})

    assert kept(promised) is promised


def _containers(value: Any) -> list[int]:
    """Give the identities of all that can be changed in a value."""
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    own = [id(value)] if isinstance(value, (dict, list)) else []
    return own + [known for one in inner for known in _containers(one)]
