"""forged-unsigned: whoever knows the order reference can have the goods."""

import json


def test_an_unsigned_event_pays_the_order(fake, start):
    shop = start("forged-unsigned")
    shop.opened()
    forged = {
        "id": "pi_forged",
        "object": "payment_intent",
        "status": "succeeded",
        "amount": 4999,
        "amount_received": 4999,
        "currency": "eur",
        "metadata": {"order": "o1"},
    }

    answer = shop.client.post(
        "/webhooks/stripe", data=json.dumps(fake.event("payment_intent.succeeded", forged))
    )

    assert (answer.status_code, shop.view()["status"]) == (200, "PAID")
    assert fake.payments == {}
