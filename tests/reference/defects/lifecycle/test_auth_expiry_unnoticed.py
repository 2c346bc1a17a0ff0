"""auth-expiry-unnoticed: the goods leave on a hold that has lapsed."""

import pytest


@pytest.mark.parametrize(("defect", "fulfilments"), [("auth-expiry-unnoticed", 1), (None, 0)])
def test_shipping_on_a_lapsed_hold(fake, start, defect, fulfilments):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened(capture="manual")
    shop.pay()
    fake.become(fake.payments["pi_1"], "canceled", 0, cancellation_reason="automatic")
    shop.tell(fake.event("payment_intent.canceled", fake.payments["pi_1"]))

    answer = shop.client.post("/orders/o1/capture", json={})

    assert answer.status_code == 409
    assert shop.view()["effects"]["fulfilments"] == fulfilments
