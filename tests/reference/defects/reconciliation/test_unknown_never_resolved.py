"""unknown-never-resolved: nobody asks what became of it."""

import pytest


@pytest.mark.parametrize(("defect", "status"), [("unknown-never-resolved", "PENDING"), (None, "PAID")])
def test_a_charge_without_any_answer(fake, start, defect, status):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    fake.script["pay"] = ["close_after"] * 3
    shop.pay()

    shop.client.post("/internal/sync")
    shop.client.get("/orders/o1/return")

    assert shop.view()["status"] == status
