"""Rates are fixed, and conversion rounds once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from badgateway.ground.rates import PER_EURO, converted, rate


def test_a_currency_is_worth_itself():
    assert {rate(code, code) for code in PER_EURO} == {Decimal(1)}


@pytest.mark.parametrize(
    ("minor", "source", "target", "expected"),
    [
        (10_000, "USD", "EUR", 9_091),
        (-10_000, "USD", "EUR", -9_091),
        (4_000, "HUF", "EUR", 10),
        (1_000, "JPY", "EUR", 625),
        (1_000, "EUR", "JPY", 1_600),
        (1_000, "EUR", "KWD", 3_400),
    ],
)
def test_minor_units_follow_both_exponents(minor: int, source: str, target: str, expected: int):
    assert converted(minor, source, target) == expected


def test_money_of_the_same_currency_is_left_alone():
    assert converted(999_999_999_999_999, "XOF", "XOF") == 999_999_999_999_999


def test_a_currency_without_a_rate_is_refused():
    with pytest.raises(KeyError):
        rate("EUR", "XOF")
