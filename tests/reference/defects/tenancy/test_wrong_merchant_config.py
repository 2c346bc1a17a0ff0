"""wrong-merchant-config: one shop's credentials for all of them."""

import pytest


@pytest.mark.parametrize(("defect", "key"), [("wrong-merchant-config", "sk_test_1"), (None, "sk_live_2")])
def test_whose_credentials_a_charge_carries(fake, start, defect, key):
    shop = start(defect, **fake.second_merchant)
    shop.opened(merchant="second")

    shop.pay()

    assert fake.credentials == [f"Bearer {key}"]
