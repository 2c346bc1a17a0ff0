"""partial-refund-as-full: any refund is all of it."""

import pytest


@pytest.mark.parametrize(
    ("defect", "shown"),
    [("partial-refund-as-full", ("REFUNDED", 4999)), (None, ("PARTIALLY_REFUNDED", 1000))],
)
def test_a_refund_of_a_part(fake, start, defect, shown):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    shop.pay()

    shop.client.post("/orders/o1/refunds", json={"amount": "10.00"})

    view = shop.view()
    assert (view["status"], view["refunded_minor"]) == shown
