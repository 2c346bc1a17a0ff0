"""difference-tolerated: a row that tells too little is taken for rounding."""

import pytest


@pytest.mark.parametrize(("defect", "kinds"), [("difference-tolerated", []), (None, ["misstated"])])
def test_a_row_that_tells_too_little(gateway, start, defect, kinds):
    shop = start(defect, SETTLEMENT_URL=gateway.url)
    shop.opened()
    shop.pay()
    gateway.row("pi_1", 4_949, 100).hand_out(4_899)

    found = shop.client.post("/internal/reconciliation").json["exceptions"]

    assert [one["kind"] for one in found if one["kind"] != "unexplained"] == kinds
