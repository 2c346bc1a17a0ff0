"""key-reuse-new-body: the second card comes under the key of the first."""

import pytest


@pytest.mark.parametrize(("defect", "keys"), [("key-reuse-new-body", 1), (None, 2)])
def test_a_second_card_after_a_decline(fake, start, defect, keys):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    shop.pay(method="pm_card_declined")

    shop.pay()

    assert len(set(fake.keys("pay"))) == keys
