"""providers-in-one-pot: a sale at another provider is claimed, because it cost as much."""

import pytest
from sqlalchemy import update

from badgateway.reference.tables import attempts


@pytest.mark.parametrize(("defect", "claimed"), [("providers-in-one-pot", "o2"), (None, "o1")])
def test_what_a_report_leaves_out_is_looked_for_at_its_provider(gateway, start, defect, claimed):
    shop = start(defect, SETTLEMENT_URL=gateway.url)
    for reference in ("o1", "o2"):
        shop.opened(reference, "49.99")
        shop.pay(reference)
    with shop.service.store.write() as tx:
        tx.execute(update(attempts).where(attempts.c.provider_id == "pi_2").values(route="adyen"))
    gateway.row("pi_3", 2_000, 55, order="o3").hand_out(6_844)

    found = shop.client.post("/internal/reconciliation").json["exceptions"]

    assert [one["order"] for one in found if one["kind"] == "missing"] == [claimed]
