"""duplicate-scheduler: two copies run the job, and each makes the charge."""

import threading

import pytest


def until_paid_for(fake, times):
    """Wait until so many charges have arrived."""
    while fake.count("pay") < times:
        assert fake.arrived.acquire(timeout=5)


@pytest.mark.parametrize(("defect", "charges"), [("duplicate-scheduler", 2), (None, 1)])
def test_two_copies_on_the_same_books_run_the_job_at_once(fake, start, defect, charges):
    waits = {"CALL_TIMEOUT_MS": "5000", "TOTAL_DEADLINE_MS": "9000"}
    old, new = start(defect, **waits), start(defect, **waits)
    old.opened()
    fake.script["pay"] = ["close_before"] * 3
    old.pay()
    fake.gate = threading.Event()
    jobs = [threading.Thread(target=one.client.post, args=("/internal/sync",)) for one in (old, new)]

    jobs[0].start()
    until_paid_for(fake, 4)
    jobs[1].start()
    if charges == 1:
        jobs[1].join()  # it is not its turn
    else:
        until_paid_for(fake, 5)
    fake.gate.set()
    for job in jobs:
        job.join()

    assert len(fake.payments) == charges
