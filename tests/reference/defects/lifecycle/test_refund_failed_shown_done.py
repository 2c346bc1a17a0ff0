"""refund-failed-shown-done: a refund that came back is still shown."""

import pytest


@pytest.mark.parametrize(("defect", "refunded"), [("refund-failed-shown-done", 4999), (None, 0)])
def test_a_refund_comes_back_from_the_bank(fake, start, defect, refunded):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    shop.pay()
    shop.client.post("/orders/o1/refunds", json={})
    fake.refunds["re_2"]["status"] = "failed"

    shop.tell(fake.event("refund.failed", fake.refunds["re_2"]))

    assert shop.view()["refunded_minor"] == refunded
