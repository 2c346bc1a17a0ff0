"""repeated-row-swallowed: nobody is told that a row came twice."""

import pytest


@pytest.mark.parametrize(("defect", "kinds"), [("repeated-row-swallowed", []), (None, ["repeated"])])
def test_a_row_that_comes_twice(gateway, start, defect, kinds):
    shop = start(defect, SETTLEMENT_URL=gateway.url)
    shop.opened()
    shop.pay()
    gateway.row("pi_1", 4_999, 100).row("pi_1", 4_999, 100).hand_out(4_899)

    found = shop.client.post("/internal/reconciliation").json["exceptions"]

    assert [one["kind"] for one in found] == kinds
