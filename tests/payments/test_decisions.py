"""Card words and failure codes."""

from __future__ import annotations

import pytest

from badgateway.payments.decisions import CARDS, DAY_MS, FAILURES, KINDS, decision, failure, refund_outcome

HARD = {
    "declined", "do_not_honor", "lost_card", "stolen_card", "fraudulent",
    "debit_account_closed", "debit_not_authorized",
}  # fmt: skip


def test_every_card_word_has_a_decision_that_makes_sense():
    for decided in CARDS.values():
        is_no = decided.kind == "declined" or decided.then == "declined"

        assert decided.kind in KINDS
        assert (decided.failure is not None) == is_no
        assert (decided.after_ms > 0) == (decided.kind == "pending")


def test_hard_failures_are_those_that_must_not_be_tried_again():
    assert {code for code, known in FAILURES.items() if known.is_hard} == HARD


@pytest.mark.parametrize("code", FAILURES)
def test_a_failure_carries_its_own_code_and_a_sentence(code: str):
    known = failure(code)

    assert known.code == code
    assert known.message.endswith(".")


def test_a_code_that_only_a_dialect_knows_is_soft():
    assert (failure("withdrawal_count").code, failure("withdrawal_count").is_hard) == (
        "withdrawal_count",
        False,
    )


@pytest.mark.parametrize(
    ("kind", "then", "code"),
    [("declined", "approved", "declined"), ("pending", "declined", "method_failed")],
)
def test_a_no_without_a_code_has_its_usual_one(kind: str, then: str, code: str):
    decided = decision(kind, then=then)

    assert decided.failure == failure(code)


def test_waiting_is_only_for_pending_methods():
    assert decision("pending").after_ms == 3 * DAY_MS
    assert decision("action", after_ms=5).after_ms == 0


@pytest.mark.parametrize(
    ("card", "outcome"),
    [
        ("approved", "succeeded"),
        (None, "succeeded"),
        ("refund_pending", "pending"),
        ("refund_fails_later", "fails_later"),
    ],
)
def test_some_cards_say_how_their_refunds_go(card: str | None, outcome: str):
    assert refund_outcome(card) == outcome


@pytest.mark.parametrize("wrong", [{"kind": "perhaps"}, {"kind": "action", "then": "perhaps"}])
def test_an_unknown_word_is_our_bug(wrong: dict[str, str]):
    with pytest.raises(AssertionError, match="perhaps"):
        decision(**wrong)


@pytest.mark.parametrize(("advice", "is_hard"), [("never", True), ("later", False), ("shopper", False)])
def test_what_may_help_can_be_said_beside_the_code(advice, is_hard):
    refused = decision("declined", "do_not_honor", advice=advice).failure

    assert (refused.code, refused.advice, refused.is_hard) == ("do_not_honor", advice, is_hard)


def test_what_may_never_go_through_is_hard():
    assert {one.code for one in FAILURES.values() if one.is_hard} == {
        one.code for one in FAILURES.values() if one.advice == "never"
    }
