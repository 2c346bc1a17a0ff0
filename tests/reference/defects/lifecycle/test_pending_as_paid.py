"""pending-as-paid: a promise counts as money."""

import pytest


@pytest.mark.parametrize(("defect", "shown"), [("pending-as-paid", ("PAID", 1)), (None, ("PENDING", 0))])
def test_a_payment_that_is_being_processed(fake, start, defect, shown):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()

    shop.pay(method="pm_slow")

    view = shop.view()
    assert (view["status"], view["effects"]["fulfilments"]) == shown
