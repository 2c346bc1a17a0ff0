"""The state table and the status of an order, as laws."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace

import pytest

from badgateway.reference.states import LIVE, OPEN, TRANSITIONS, OrderFacts, State, StateRules, derive_status


def tried(state, captured=0, expected=1000):
    return SimpleNamespace(state=state, captured_minor=captured, expected_minor=expected)


def test_every_state_has_its_row():
    assert set(TRANSITIONS) == set(State)


@pytest.mark.parametrize(("current", "seen"), list(product([State.SUCCEEDED, State.REVERSED], State)))
def test_captured_money_is_left_only_by_a_reversal(current, seen):
    assert StateRules().allows(current, seen) is ((current, seen) == (State.SUCCEEDED, State.REVERSED))


@pytest.mark.parametrize("settled", [state for state in State if state not in OPEN])
def test_nothing_settled_becomes_open_again(settled):
    assert not TRANSITIONS[settled] & OPEN


@pytest.mark.parametrize("state", State)
def test_money_that_was_taken_is_always_believed(state):
    assert StateRules().allows(state, State.SUCCEEDED) is (state not in {State.SUCCEEDED, State.REVERSED})


@pytest.mark.parametrize(
    ("tries", "refunded", "disputes", "is_cancelled", "status"),
    [
        ([], 0, [], False, "UNPAID"),
        ([tried(State.SENT)], 0, [], False, "PENDING"),
        ([tried(State.UNKNOWN)], 0, [], False, "PENDING"),
        ([tried(State.AUTHORIZED)], 0, [], False, "AUTHORIZED"),
        ([tried(State.FAILED)], 0, [], False, "FAILED"),
        ([tried(State.EXPIRED)], 0, [], False, "CANCELLED"),
        ([tried(State.REVERSED)], 0, [], False, "FAILED"),
        ([tried(State.FAILED), tried(State.SUCCEEDED, 1000)], 0, [], False, "PAID"),
        ([tried(State.SUCCEEDED, 1000), tried(State.FAILED)], 0, [], False, "PAID"),
        ([tried(State.SUCCEEDED, 600, 600)], 0, [], False, "PAID"),
        ([tried(State.SUCCEEDED, 600)], 0, [], False, "REVIEW"),
        ([tried(State.SUCCEEDED, 1000), tried(State.SUCCEEDED, 1000)], 0, [], False, "REVIEW"),
        ([tried(State.SUCCEEDED, 1000)], 400, [], False, "PARTIALLY_REFUNDED"),
        ([tried(State.SUCCEEDED, 1000)], 1000, [], False, "REFUNDED"),
        ([tried(State.SUCCEEDED, 1000)], 0, ["OPEN"], False, "DISPUTED"),
        ([tried(State.SUCCEEDED, 1000)], 0, ["LOST"], False, "DISPUTED"),
        ([tried(State.SUCCEEDED, 1000)], 0, ["WON"], False, "PAID"),
        ([tried(State.SUCCEEDED, 1000)], 0, [], True, "REVIEW"),
        ([tried(State.SUCCEEDED, 1000)], 1000, [], True, "CANCELLED"),
        ([tried(State.AUTHORIZED)], 0, [], True, "PENDING"),
        ([tried(State.CANCELLED)], 0, [], True, "CANCELLED"),
    ],
)
def test_the_status_of_an_order(tries, refunded, disputes, is_cancelled, status):
    assert derive_status(OrderFacts(1000, is_cancelled, tries, refunded, disputes)) == status


def test_live_states_are_those_that_hold_the_slot_of_an_order():
    assert {State.AUTHORIZED, State.SUCCEEDED} == LIVE - OPEN
