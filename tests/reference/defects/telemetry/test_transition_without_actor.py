"""transition-without-actor: what a webhook changed is nobody's doing."""

import pytest


@pytest.mark.parametrize(("defect", "actor"), [("transition-without-actor", ""), (None, "provider")])
def test_who_paid_the_order_that_a_webhook_paid(fake, start, defect, actor):
    shop = start(defect)
    shop.opened()
    shop.pay(method="pm_slow")
    fake.become(fake.payments["pi_1"], "succeeded", 4999)

    shop.tell(fake.event("payment_intent.succeeded", fake.payments["pi_1"]))

    paid = [one for one in shop.view()["changes"] if one["what"] == "status"][-1]
    assert (paid["detail"]["now"], paid["actor"]) == ("PAID", actor)
    assert paid["correlation"]
