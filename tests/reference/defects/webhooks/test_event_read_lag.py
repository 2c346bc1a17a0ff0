"""event-read-lag: a look that is behind its event, and that nobody repeats."""

import json

import pytest


@pytest.mark.parametrize(("defect", "status"), [("event-read-lag", "PENDING"), (None, "PAID")])
def test_the_first_look_after_an_event_is_behind_it(fake, start, defect, status):
    shop = start(defect)
    shop.opened()
    shop.pay(method="pm_slow")
    before = json.loads(json.dumps(fake.payments["pi_1"]))
    fake.become(fake.payments["pi_1"], "succeeded", 4999)
    fake.script["fetch"] = [(200, before, {})]

    told = shop.tell(fake.event("payment_intent.succeeded", fake.payments["pi_1"]))
    shop.client.post("/internal/sync")

    assert told.status_code == 200
    assert shop.view()["status"] == status
