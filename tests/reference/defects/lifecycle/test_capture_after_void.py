"""capture-after-void: a voided hold is asked for."""

import pytest


@pytest.mark.parametrize(("defect", "captures"), [("capture-after-void", 1), (None, 0)])
def test_a_capture_after_the_void(fake, start, defect, captures):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened(capture="manual")
    shop.pay()
    shop.client.post("/orders/o1/cancel")

    shop.client.post("/orders/o1/capture", json={})

    assert fake.count("capture") == captures
