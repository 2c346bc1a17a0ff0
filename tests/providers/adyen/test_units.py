"""Adyen's own smallest units: CLP and ISK have two decimals, CVE and IDR none."""

import pytest

from badgateway.providers.adyen.units import amount, to_minor


@pytest.mark.parametrize(
    ("currency", "value", "minor"),
    [("EUR", 1234, 1234), ("JPY", 500, 500), ("CLP", 50000, 500), ("ISK", 1200, 12), ("IDR", 75, 7500)],
)
def test_there_and_back(currency, value, minor):
    assert to_minor(value, currency) == minor
    assert amount(minor, currency) == {"currency": currency, "value": value}


def test_parts_of_a_whole_unit_are_refused(paid):
    assert paid(currency="ISK", value=1050)["errorCode"] == "137"


def test_a_payment_is_booked_in_iso_units_and_told_in_adyens(paid, account):
    answer = paid(currency="CLP", value=50_000)

    payment = account.book.payment(answer["pspReference"])
    assert payment.captured_minor == 500
    assert answer["amount"] == account.notifications()[0]["amount"] == {"currency": "CLP", "value": 50_000}
