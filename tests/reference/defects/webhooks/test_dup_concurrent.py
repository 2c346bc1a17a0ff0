"""dup-concurrent: copies in turn are told apart, copies together are not."""

import threading


def test_copies_in_turn_have_one_effect_and_copies_together_have_two(fake, start):
    shop = start("dup-concurrent", CALL_TIMEOUT_MS="5000")
    shop.opened()
    shop.pay()
    event = fake.event("payment_intent.succeeded", fake.payments["pi_1"])
    fake.gate = threading.Event()
    while fake.arrived.acquire(blocking=False):
        pass
    senders = [threading.Thread(target=shop.tell, args=(event,)) for _ in range(2)]

    for sender in senders:
        sender.start()
    assert all(fake.arrived.acquire(timeout=5) for _ in senders)
    fake.gate.set()
    for sender in senders:
        sender.join()
    shop.tell(event)

    assert shop.view()["effects"] == {"fulfilments": 2, "receipts": 2}
