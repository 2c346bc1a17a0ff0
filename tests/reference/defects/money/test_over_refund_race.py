"""over-refund-race: a refund under way does not lessen what is left."""

import pytest


@pytest.mark.parametrize(("defect", "refunds"), [("over-refund-race", 2), (None, 1)])
def test_a_second_refund_while_the_first_is_under_way(fake, start, defect, refunds):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened(amount="100")
    shop.pay()
    fake.script["refund"] = ["close_after"] * 3
    shop.client.post("/orders/o1/refunds", json={"amount": "60"})

    shop.client.post("/orders/o1/refunds", json={"amount": "60"})

    assert len(fake.refunds) == refunds
