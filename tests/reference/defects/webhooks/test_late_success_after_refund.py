"""late-success-after-refund: an old success makes a refunded order paid."""

import pytest


@pytest.mark.parametrize(("defect", "status"), [("late-success-after-refund", "PAID"), (None, "REFUNDED")])
def test_the_success_comes_after_the_refund(fake, start, defect, status):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    shop.pay()
    shop.client.post("/orders/o1/refunds", json={})

    shop.tell(fake.event("payment_intent.succeeded", fake.payments["pi_1"]))

    assert shop.view()["status"] == status
