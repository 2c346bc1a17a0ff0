"""slow-ack-overlap: copies in turn are told apart, a copy that comes meanwhile is not."""

import threading

import pytest


@pytest.mark.parametrize(("defect", "times"), [("slow-ack-overlap", 2), (None, 1)])
def test_an_event_that_is_sent_again_while_it_is_worked_on(fake, start, defect, times):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    shop.pay(method="pm_slow")
    fake.become(fake.payments["pi_1"], "succeeded", 4999)
    event = fake.event("payment_intent.succeeded", fake.payments["pi_1"])
    fake.gate = threading.Event()
    while fake.arrived.acquire(blocking=False):
        pass
    handlers = [threading.Thread(target=shop.tell, args=(event,)) for _ in range(2)]

    for handler in handlers:
        handler.start()
        assert fake.arrived.acquire(timeout=5)
    fake.gate.set()
    for handler in handlers:
        handler.join()
    shop.tell(event)

    assert shop.view()["effects"] == {"fulfilments": times, "receipts": times}
