"""key-too-coarse: two purchases of a day share a key."""

import pytest


@pytest.mark.parametrize(("defect", "keys"), [("key-too-coarse", 1), (None, 2)])
def test_two_orders_of_one_day(fake, start, defect, keys):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    shop.opened(reference="o2")

    shop.pay()
    shop.pay(reference="o2")

    assert len(set(fake.keys("pay"))) == keys
