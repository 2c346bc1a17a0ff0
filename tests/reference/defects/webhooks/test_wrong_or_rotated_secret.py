"""wrong-or-rotated-secret: of two signatures only the first is read."""

import pytest


@pytest.mark.parametrize(("defect", "status"), [("wrong-or-rotated-secret", 400), (None, 200)])
def test_a_header_signed_with_two_secrets(fake, start, defect, status):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    shop.pay()
    sent = shop.signed(fake.event("payment_intent.succeeded", fake.payments["pi_1"]))
    stamp, genuine = sent["headers"]["Stripe-Signature"].split(",")
    headers = {"Stripe-Signature": f"{stamp},v1={'0' * 64},{genuine}"}

    answer = shop.client.post("/webhooks/stripe", data=sent["data"], headers=headers)

    assert answer.status_code == status
