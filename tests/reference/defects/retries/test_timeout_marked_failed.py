"""timeout-marked-failed: a lost answer is taken for a no, for good."""


def test_a_lost_answer_leaves_a_paid_order_failed(fake, start):
    shop = start("timeout-marked-failed")
    shop.opened()
    fake.script["pay"] = ["close_after"]

    answer = shop.pay()
    shop.tell(fake.event("payment_intent.succeeded", fake.payments["pi_1"]))
    shop.client.post("/internal/sync")

    assert (answer.status_code, shop.view()["status"]) == (402, "FAILED")
    assert fake.payments["pi_1"]["amount_received"] == 4999
