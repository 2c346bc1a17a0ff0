"""late-failure-after-success: an old failure takes a paid order back."""

import pytest


@pytest.mark.parametrize(("defect", "status"), [("late-failure-after-success", "FAILED"), (None, "PAID")])
def test_the_failure_of_the_first_attempt_comes_late(fake, start, defect, status):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    shop.pay(method="pm_card_declined")
    shop.pay()

    shop.tell(fake.event("payment_intent.payment_failed", fake.payments["pi_1"]))

    assert shop.view()["status"] == status
