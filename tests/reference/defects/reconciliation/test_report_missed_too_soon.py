"""report-missed-too-soon: a report is missed before its due day."""

import time

import pytest


@pytest.mark.parametrize(("defect", "kinds"), [("report-missed-too-soon", ["overdue"]), (None, [])])
def test_a_report_that_is_not_due_yet(gateway, start, defect, kinds):
    shop = start(defect, SETTLEMENT_URL=gateway.url)
    gateway.hand_out(4_899, status="announced", due_ms=int(time.time() * 1000) + 86_400_000)

    found = shop.client.post("/internal/reconciliation").json["exceptions"]

    assert [one["kind"] for one in found] == kinds
