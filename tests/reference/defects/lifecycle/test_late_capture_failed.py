"""late-capture-failed: a capture that is taken back stays."""

import pytest


@pytest.mark.parametrize(("defect", "paid"), [("late-capture-failed", 4999), (None, 0)])
def test_a_capture_is_reversed(fake, start, defect, paid):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    shop.pay()
    declined = {"code": "payment_intent_payment_attempt_failed"}
    fake.become(fake.payments["pi_1"], "requires_payment_method", 0, last_payment_error=declined)

    shop.tell(fake.event("payment_intent.payment_failed", fake.payments["pi_1"]))

    assert shop.view()["paid_minor"] == paid
