"""three-decimal-x10: dinars have cents here."""

import pytest


@pytest.mark.parametrize(("defect", "asked"), [("three-decimal-x10", 1234), (None, 12340)])
def test_twelve_dinars(fake, start, defect, asked):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened(amount="12.340", currency="KWD")

    shop.pay()

    assert fake.payments["pi_1"]["amount"] == asked
