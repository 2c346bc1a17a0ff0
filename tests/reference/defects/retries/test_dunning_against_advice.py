"""dunning-against-advice: a failed renewal is charged again whatever the issuer said."""

import pytest

DAY_MS = 86_400_000


@pytest.mark.parametrize(("defect", "charges"), [("dunning-against-advice", 3), (None, 2)])
def test_a_card_that_is_lost(fake, start, defect, charges):
    shop = start(defect)
    shop.opened()
    shop.client.post("/orders/o1/pay", json={"payment_method": "pm_card_visa", "save": True})
    fake.declines = {"code": "card_declined", "decline_code": "lost_card", "advice_code": "do_not_try_again"}
    now = shop.service.clock.wall_ms()
    shop.client.post("/orders/o1/renewals", json={"reference": "o1-2", "amount": "49.99", "now": now})

    shop.client.post(f"/internal/sync?now={now + DAY_MS}")

    assert fake.count("pay") == charges
