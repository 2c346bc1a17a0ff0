"""dispute-not-tracked: a dispute has no end."""

import pytest


@pytest.mark.parametrize(("defect", "status"), [("dispute-not-tracked", "DISPUTED"), (None, "PAID")])
def test_a_dispute_is_won(fake, start, defect, status):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    shop.pay()
    fake.disputes["dp_1"] = {
        "id": "dp_1",
        "object": "dispute",
        "payment_intent": "pi_1",
        "status": "needs_response",
        "amount": 4999,
        "currency": "eur",
    }
    shop.tell(fake.event("charge.dispute.created", fake.disputes["dp_1"]))
    fake.disputes["dp_1"]["status"] = "won"

    shop.tell(fake.event("charge.dispute.closed", fake.disputes["dp_1"]))

    assert shop.view()["status"] == status
