"""cancel-leaves-hold: the provider is not told of a cancel."""

import pytest


@pytest.mark.parametrize(("defect", "answer"), [("cancel-leaves-hold", (0, 200)), (None, (1, 409))])
def test_a_cancelled_hold_is_captured(fake, start, defect, answer):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened(capture="manual")
    shop.pay()

    shop.client.post("/orders/o1/cancel")
    cancelled = shop.view()["status"]
    captured = shop.client.post("/orders/o1/capture", json={})

    assert cancelled == "CANCELLED"
    assert (fake.count("cancel"), captured.status_code) == answer
