"""test-event-in-live: nobody looks whether an event is about real money."""

import pytest


@pytest.mark.parametrize(("defect", "status"), [("test-event-in-live", "PAID"), (None, "FAILED")])
def test_a_payment_in_test_mode_for_a_live_order(fake, start, defect, status):
    shop = start(defect, STRIPE_API_KEY="sk_live_1")
    shop.opened()
    shop.pay(method="pm_card_declined")
    paid = {"id": "pi_test", "status": "succeeded", "amount_received": 4999, "last_payment_error": None}
    event = fake.event("payment_intent.succeeded", fake.payments["pi_1"] | paid) | {"livemode": False}

    answer = shop.tell(event)

    assert answer.status_code == 200
    assert shop.view()["status"] == status
