"""zero-decimal-x100: yen have cents here."""

import pytest


@pytest.mark.parametrize(("defect", "asked"), [("zero-decimal-x100", 50_000), (None, 500)])
def test_five_hundred_yen(fake, start, defect, asked):
    shop = start(defect)
    shop.opened(amount="500", currency="JPY")

    shop.pay()

    assert fake.payments["pi_1"]["amount"] == asked
