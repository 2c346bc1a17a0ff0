"""fee-misbooked: a refund brings a fee back that the provider keeps."""

import time

import pytest


@pytest.mark.parametrize(("defect", "fees"), [("fee-misbooked", 85), (None, 100)])
def test_the_fee_of_a_refund(fake, start, defect, fees):
    shop = start(defect)
    shared = {"object": "balance_transaction", "payout": "po_1", "currency": "eur", "source": None}
    for name, gross, fee in (("charge", 4_999, 100), ("refund", -1_000, 0)):
        kinds = {"type": name, "reporting_category": name}
        fake.lines.append({"id": name, "amount": gross, "fee": fee, "net": gross - fee, **shared, **kinds})
    fake.payouts.append(
        {"id": "po_1", "object": "payout", "amount": 3_899, "currency": "eur", "created": int(time.time())}
    )

    (row,) = shop.client.post("/internal/settlement").json["payouts"]

    assert row["fees_minor"] == fees
