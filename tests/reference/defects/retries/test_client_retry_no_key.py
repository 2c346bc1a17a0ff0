"""client-retry-no-key: a slow charge is called failed, and made again."""

import pytest


@pytest.mark.parametrize(("defect", "payments"), [("client-retry-no-key", 2), (None, 1)])
def test_paying_again_after_silence(fake, start, defect, payments):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    fake.script["pay"] = ["close_after"] * 3

    shop.pay()
    shop.pay()

    assert len(fake.payments) == payments
