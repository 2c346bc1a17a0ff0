"""Money keeps its value between a currency's own unit and integer minor units."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badgateway.ground.money import MINOR_MAX, currencies, decimal_text, exponent, to_minor, to_text

minors = st.integers(min_value=0, max_value=MINOR_MAX)
codes = st.sampled_from(currencies())


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("49.99", "EUR", 4999),
        (Decimal("8.20"), "EUR", 820),
        ("8.2", "EUR", 820),
        (10, "EUR", 1000),
        (500, "JPY", 500),
        ("1.230", "KWD", 1230),
        ("1.2345", "CLF", 12345),
        (0, "USD", 0),
    ],
)
def test_amount_becomes_minor_units_of_its_currency(amount, currency, expected):
    assert to_minor(amount, currency) == expected


@pytest.mark.parametrize(
    ("amount", "currency", "reason"),
    [
        ("1.5", "JPY", "1.5 has 1 decimal, JPY has no decimals"),
        ("1.555", "EUR", "1.555 has 3 decimals, EUR has 2 decimals"),
        (-1, "EUR", "not negative"),
        ("1e3", "EUR", "plain decimal number"),
        ("1,50", "EUR", "plain decimal number"),
        ("٣", "EUR", "plain decimal number"),
        (Decimal("NaN"), "EUR", "plain decimal number"),
        (Decimal("1E-9999"), "EUR", "plain decimal number"),
        (10**30, "EUR", "at most 9999999999999.99 EUR"),
        (1.5, "EUR", "not 1.5"),
        (True, "EUR", "not True"),
        (1, "EURO", "did you mean 'EUR'"),
        (1, "eur", "did you mean 'EUR'"),
    ],
)
def test_unfit_amount_is_refused_with_its_reason(amount, currency, reason):
    with pytest.raises(ValueError, match=reason):
        to_minor(amount, currency)


def test_text_carries_the_code_and_the_digits_of_the_currency():
    assert [to_text(5, code) for code in ("EUR", "JPY", "KWD")] == ["0.05 EUR", "5 JPY", "0.005 KWD"]
    assert to_text(-4999, "EUR") == "-49.99 EUR"


def test_every_code_is_three_capital_letters_with_an_exponent_from_0_to_4():
    assert all(len(code) == 3 and code.isupper() and exponent(code) in {0, 2, 3, 4} for code in currencies())
    assert len(currencies()) > 150


@given(minors, codes)
@settings(derandomize=True, database=None)
def test_text_and_minor_units_are_the_same_money(minor, currency):
    assert to_minor(decimal_text(minor, currency), currency) == minor


@given(minors, minors, codes)
@settings(derandomize=True, database=None)
def test_adding_before_or_after_the_conversion_gives_the_same(first, second, currency):
    total = Decimal(decimal_text(first // 2, currency)) + Decimal(decimal_text(second // 2, currency))

    assert to_minor(total, currency) == first // 2 + second // 2


@given(minors.filter(bool), codes)
@settings(derandomize=True, database=None)
def test_one_digit_more_than_the_currency_has_is_refused(minor, currency):
    text = decimal_text(minor, currency)
    longer = text + ("0" if "." in text else ".0")

    with pytest.raises(ValueError, match="decimal"):
        to_minor(longer, currency)
