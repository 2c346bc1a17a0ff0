"""expiry-after-paid-elsewhere: the end of an abandoned attempt cancels a paid order."""

import pytest


@pytest.mark.parametrize(("defect", "status"), [("expiry-after-paid-elsewhere", "CANCELLED"), (None, "PAID")])
def test_the_abandoned_attempt_ends_late(fake, start, defect, status):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    shop.pay(method="pm_action")
    shop.pay()

    shop.tell(fake.event("payment_intent.canceled", fake.payments["pi_1"]))

    assert shop.view()["status"] == status
