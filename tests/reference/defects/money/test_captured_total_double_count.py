"""captured-total-double-count: both add what was captured to the total."""

import threading

import pytest


@pytest.mark.parametrize(("defect", "total"), [("captured-total-double-count", 9998), (None, 4999)])
def test_the_shopper_comes_back_while_the_webhook_is_worked_on(fake, start, defect, total):
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

    shown = shop.view()
    assert (shown["paid_minor"], shown["status"]) == (total, "PAID")


def test_one_after_the_other_they_count_it_once(fake, start):
    shop = start("captured-total-double-count")
    shop.opened()
    shop.pay(method="pm_action")
    fake.become(fake.payments["pi_1"], "succeeded", 4999)

    shop.client.get("/orders/o1/return")
    shop.tell(fake.event("payment_intent.succeeded", fake.payments["pi_1"]))

    assert shop.view()["paid_minor"] == 4999
