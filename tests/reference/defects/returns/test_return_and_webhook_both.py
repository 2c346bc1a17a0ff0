"""return-and-webhook-both: both find the order open, and both complete it."""

import threading

import pytest


@pytest.mark.parametrize(("defect", "times"), [("return-and-webhook-both", 2), (None, 1)])
def test_the_shopper_comes_back_while_the_webhook_is_worked_on(fake, start, defect, times):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    shop.pay(method="pm_action")
    fake.become(fake.payments["pi_1"], "succeeded", 4999)
    event = fake.event("payment_intent.succeeded", fake.payments["pi_1"])
    fake.gate = threading.Event()
    both = [
        threading.Thread(target=shop.client.get, args=("/orders/o1/return",)),
        threading.Thread(target=shop.tell, args=(event,)),
    ]

    for one in both:
        one.start()
    while fake.count("fetch") < 2:
        assert fake.arrived.acquire(timeout=5)
    fake.gate.set()
    for one in both:
        one.join()

    assert shop.view()["effects"] == {"fulfilments": times, "receipts": times}


def test_one_after_the_other_they_complete_it_once(fake, start):
    shop = start("return-and-webhook-both")
    shop.opened()
    shop.pay(method="pm_action")
    fake.become(fake.payments["pi_1"], "succeeded", 4999)

    shop.client.get("/orders/o1/return")
    shop.tell(fake.event("payment_intent.succeeded", fake.payments["pi_1"]))

    assert shop.view()["effects"] == {"fulfilments": 1, "receipts": 1}
