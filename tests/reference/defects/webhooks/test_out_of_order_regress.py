"""out-of-order-regress: the event that arrives last decides."""


def test_an_older_event_takes_a_captured_order_back(fake, start):
    shop = start("out-of-order-regress")
    shop.opened(capture="manual")
    shop.pay()
    held = dict(fake.payments["pi_1"])
    shop.client.post("/orders/o1/capture", json={})
    shop.tell(fake.event("payment_intent.succeeded", fake.payments["pi_1"]))
    paid = shop.view()["status"]

    shop.tell(fake.event("payment_intent.amount_capturable_updated", held))

    assert (paid, shop.view()["status"]) == ("PAID", "AUTHORIZED")
    assert fake.count("fetch") == 0
