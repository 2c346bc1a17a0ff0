"""terminal-regress-by-sync: what was read last is not what is newest."""

import json

import pytest


@pytest.mark.parametrize(("defect", "status"), [("terminal-regress-by-sync", "AUTHORIZED"), (None, "PAID")])
def test_a_sync_reads_a_copy_from_before_the_capture(fake, start, defect, status):
    shop = start(defect)
    shop.opened(capture="manual")
    shop.pay()
    before = json.loads(json.dumps(fake.payments["pi_1"]))
    shop.client.post("/orders/o1/capture", json={})
    fake.script["fetch"] = [(200, before, {})]

    shop.client.post("/internal/sync")

    assert shop.view()["status"] == status
