"""3ds-failed-shown-ok: whoever comes back has authenticated."""

import pytest


@pytest.mark.parametrize(("defect", "status"), [("3ds-failed-shown-ok", "PAID"), (None, "FAILED")])
def test_coming_back_from_a_failed_challenge(fake, start, defect, status):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    shop.pay(method="pm_action")
    failed = {"code": "payment_intent_authentication_failure"}
    fake.become(fake.payments["pi_1"], "requires_payment_method", 0, last_payment_error=failed)
    shop.tell(fake.event("payment_intent.payment_failed", fake.payments["pi_1"]))

    shop.client.get("/orders/o1/return")

    assert shop.view()["status"] == status
