"""Entries balance, are numbered, and currencies never mix."""

from __future__ import annotations

import pytest

from badgateway.payments.change import Move
from badgateway.payments.ledger import HOLDS, MERCHANT, SHOPPER, Ledger, moved


def _post(ledger: Ledger, move: Move, currency: str = "EUR") -> int:
    return ledger.post(move, payment_id="p", currency=currency, cause="c1", at_ms=5).seq


def test_entries_are_numbered_from_one():
    ledger = Ledger()

    seqs = [_post(ledger, Move("auth", 10, moved(10, SHOPPER, HOLDS))) for _ in range(3)]

    assert seqs == [1, 2, 3]
    assert [entry.seq for entry in ledger.since(1)] == [2, 3]
    assert len(ledger) == 3


def test_balances_are_kept_for_each_currency():
    ledger = Ledger()

    _post(ledger, Move("auth", 10, moved(10, SHOPPER, HOLDS)), "EUR")
    _post(ledger, Move("auth", 7, moved(7, SHOPPER, HOLDS)), "JPY")

    assert ledger.balance(HOLDS, "EUR") == 10
    assert ledger.balance(HOLDS, "JPY") == 7
    assert ledger.balance(MERCHANT, "EUR") == 0
    _post(ledger, Move("capture", 4, moved(4, HOLDS, MERCHANT)), "EUR")
    assert ledger.balance(HOLDS, "EUR") == 6
    assert ledger.balance(MERCHANT, "EUR") == 4


@pytest.mark.parametrize(
    "move", [Move("auth", 10, ((SHOPPER, -10), (HOLDS, 9))), Move("auth", 0, ()), Move("auth", -1, ())]
)
def test_an_entry_that_does_not_balance_is_our_bug(move: Move):
    ledger = Ledger()

    with pytest.raises(AssertionError):
        _post(ledger, move)
    assert len(ledger) == 0


def test_an_account_is_a_known_one():
    with pytest.raises(AssertionError, match="pocket"):
        Ledger().balance("pocket", "EUR")
