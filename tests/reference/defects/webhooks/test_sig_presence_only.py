"""sig-presence-only: any signature will do."""

import pytest


@pytest.mark.parametrize(("defect", "status"), [("sig-presence-only", "PAID"), (None, "PENDING")])
def test_a_made_up_signature(fake, start, defect, status):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    shop.pay(method="pm_action")
    forged = {**fake.payments["pi_1"], "status": "succeeded", "amount_received": 4999}
    headers = {"Stripe-Signature": "t=1,v1=00"}

    shop.client.post("/webhooks/stripe", json=fake.event("payment_intent.succeeded", forged), headers=headers)

    assert shop.view()["status"] == status
