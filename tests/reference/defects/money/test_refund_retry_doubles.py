"""refund-retry-doubles: a lost answer makes a second refund."""

import pytest


@pytest.mark.parametrize(("defect", "refunds"), [("refund-retry-doubles", 2), (None, 1)])
def test_a_lost_answer_to_a_refund(fake, start, defect, refunds):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    shop.pay()
    fake.script["refund"] = ["close_after"]

    shop.client.post("/orders/o1/refunds", json={"amount": "10.00"})

    assert len(fake.refunds) == refunds
