"""orphan-after-local-failure: the next start forgets what was under way."""

import threading

import pytest


@pytest.mark.parametrize(("defect", "status"), [("orphan-after-local-failure", "UNPAID"), (None, "PAID")])
def test_a_copy_starts_after_one_that_died_in_the_middle_of_a_charge(fake, start, defect, status):
    waits = {"CALL_TIMEOUT_MS": "5000", "TOTAL_DEADLINE_MS": "9000", "TRIES_MAX": "1"}
    dying = start(defect, **waits)
    dying.opened()
    fake.gate = threading.Event()
    shopper = threading.Thread(target=dying.pay)
    shopper.start()
    assert fake.arrived.acquire(timeout=5)

    heir = start(defect, **waits)
    with heir.service.store.write() as tx:
        heir.service.policies.recovery.at_start(tx)
    fake.script["pay"] = []
    known = len(heir.view()["attempts"])
    fake.gate.set()
    heir.client.post("/internal/sync")
    shown = heir.view()["status"]
    shopper.join()

    assert (known, shown) == (int(defect is None), status)
