"""missing-webhook-no-poll: what nobody tells it, it never learns."""


def test_a_lost_event_leaves_the_order_pending(fake, start):
    shop = start("missing-webhook-no-poll")
    shop.opened()
    shop.pay(method="pm_slow")
    fake.become(fake.payments["pi_1"], "succeeded", 4999)

    shop.client.post("/internal/sync")
    shop.client.get("/orders/o1/return")

    assert shop.view()["status"] == "PENDING"
    assert fake.count("fetch") == 0
