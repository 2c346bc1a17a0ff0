"""ack-before-durable: an event is acknowledged while its job is nowhere but in memory."""

import threading


def test_a_copy_that_takes_over_never_hears_of_an_acknowledged_event(fake, start):
    shop = start("ack-before-durable", CALL_TIMEOUT_MS="5000")
    shop.opened()
    shop.pay()
    fake.refund({"payment_intent": "pi_1", "amount": "1000"})
    event = fake.event("charge.refunded", fake.payments["pi_1"]["latest_charge"])
    fake.gate = threading.Event()

    answer = shop.tell(event)
    heir = start("ack-before-durable")
    heir.client.post("/internal/sync")
    shown = heir.view()["refunded_minor"]
    fake.gate.set()
    for thread in threading.enumerate():
        if thread.name == "event":
            thread.join()

    assert (answer.status_code, answer.json["result"]) == (200, "queued")
    assert shown == 0


def test_without_it_the_copy_that_takes_over_finds_the_refund(fake, start):
    shop = start()
    shop.opened()
    shop.pay()
    fake.refund({"payment_intent": "pi_1", "amount": "1000"})

    heir = start()
    heir.client.post("/internal/sync")

    assert heir.view()["refunded_minor"] == 1000
