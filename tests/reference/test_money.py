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
        ("1.23", "KWD", 1230, "1.230"),
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


@pytest.mark.parametrize(
    ("amount", "currency", "wire"), [("500", "ISK", 50_000), ("500.00", "MGA", 500), ("1.230", "KWD", 1230)]
)
def test_stripes_own_spelling_goes_out_and_comes_back(fake, start, amount, currency, wire):
    shop = start()
    shop.opened(amount=amount, currency=currency)

    shown = shop.pay().json
    shop.client.post("/orders/o1/refunds", json={"amount": amount})

    assert (fake.payments["pi_1"]["amount"], fake.refunds["re_2"]["amount"]) == (wire, wire)
    assert (shown["paid"], shown["paid_minor"]) == (amount, shown["amount_minor"])
    assert shop.view()["refunded"] == amount


@pytest.mark.parametrize(("text", "currency"), [("1.234", "BHD"), ("0.50", "MGA")])
def test_what_the_provider_cannot_charge_is_refused(text, currency):
    with pytest.raises(NotAnAmount, match="steps of"):
        MinorUnits().to_minor(text, currency)
