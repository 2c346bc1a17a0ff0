"""refund-after-chargeback: what the bank took back is refunded on top."""

import pytest


@pytest.mark.parametrize(("defect", "refunds"), [("refund-after-chargeback", 1), (None, 0)])
def test_a_refund_of_a_disputed_order(fake, start, defect, refunds):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    shop.pay()
    fake.disputes["dp_1"] = {
        "id": "dp_1",
        "object": "dispute",
        "payment_intent": "pi_1",
        "status": "lost",
        "amount": 4999,
        "currency": "eur",
    }
    shop.tell(fake.event("charge.dispute.created", fake.disputes["dp_1"]))

    shop.client.post("/orders/o1/refunds", json={})

    assert len(fake.refunds) == refunds
