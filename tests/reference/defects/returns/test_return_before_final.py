"""return-before-final: who comes back early is told that it failed."""

import pytest


@pytest.mark.parametrize(("defect", "answered"), [("return-before-final", 402), (None, 202)])
def test_a_shopper_comes_back_early(fake, start, defect, answered):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    shop.pay(method="pm_slow")

    answer = shop.client.get("/orders/o1/return")

    assert answer.status_code == answered
