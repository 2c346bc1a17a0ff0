"""Amounts by the exponents of ISO 4217, without floats and without rounding."""

from __future__ import annotations

import pytest

from badgateway.reference.money import MinorUnits, NotAnAmount


@pytest.mark.parametrize(
    ("text", "currency", "minor", "shown"),
    [
        ("8.20", "EUR", 820, "8.20"),
        ("17.9", "USD", 1790, "17.90"),
        ("500", "JPY", 500, "500"),
        ("1.234", "KWD", 1234, "1.234"),
        ("0.0001", "CLF", 1, "0.0001"),
        ("100", "EUR", 10_000, "100.00"),
    ],
)
def test_decimal_text_becomes_minor_units_and_back(text, currency, minor, shown):
    units = MinorUnits()

    assert units.to_minor(text, currency) == minor
    assert units.to_text(minor, currency) == shown


@pytest.mark.parametrize(
    ("text", "currency"),
    [("1.5", "JPY"), ("0", "EUR"), ("x", "EUR"), ("Infinity", "EUR"), ("1E+2", "EUR"), (" 1", "EUR")],
)
def test_what_is_no_amount_is_refused(text, currency):
    with pytest.raises(NotAnAmount):
        MinorUnits().to_minor(text, currency)
