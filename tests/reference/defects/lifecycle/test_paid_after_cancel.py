"""paid-after-cancel: money for a cancelled order is kept."""

import pytest


@pytest.mark.parametrize(("defect", "refunds"), [("paid-after-cancel", 0), (None, 1)])
def test_money_arrives_after_the_cancel(fake, start, defect, refunds):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    shop.pay(method="pm_slow")
    shop.client.post("/orders/o1/cancel")
    fake.become(fake.payments["pi_1"], "succeeded", 4999)

    shop.tell(fake.event("payment_intent.succeeded", fake.payments["pi_1"]))
    shop.client.post("/internal/sync")

    assert shop.view()["status"] == "CANCELLED"
    assert len(fake.refunds) == refunds
