"""double-submit: a second click finds the first one not done, and charges."""

import threading

import pytest


@pytest.mark.parametrize(("defect", "payments"), [("double-submit", 2), (None, 1)])
def test_two_clicks_at_once(fake, start, defect, payments):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    fake.gate = threading.Event()
    first = threading.Thread(target=shop.pay)
    first.start()
    assert fake.arrived.acquire(timeout=5)

    second = threading.Thread(target=shop.pay)
    second.start()
    if payments == 2:
        assert fake.arrived.acquire(timeout=5)
    else:
        second.join(5)
    fake.gate.set()
    first.join()
    second.join()

    assert len(fake.payments) == payments
