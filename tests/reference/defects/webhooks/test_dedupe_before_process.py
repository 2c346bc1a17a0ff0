"""dedupe-before-process: what failed once is a duplicate the second time."""

import pytest


@pytest.mark.parametrize(("defect", "status"), [("dedupe-before-process", "PENDING"), (None, "PAID")])
def test_an_event_whose_look_fails_comes_again(fake, start, defect, status):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    shop.pay(method="pm_slow")
    fake.become(fake.payments["pi_1"], "succeeded", 4999)
    event = fake.event("payment_intent.succeeded", fake.payments["pi_1"])
    fake.script["fetch"] = [(500, {"error": {"type": "api_error"}}, {})]

    first = shop.tell(event)
    second = shop.tell(event)
    shop.client.post("/internal/sync")

    assert (first.status_code, second.status_code) == (503, 200)
    assert shop.view()["status"] == status
