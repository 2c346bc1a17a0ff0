"""settlement-mismatch: a reserve is in no term of the payout."""

import time

import pytest


@pytest.mark.parametrize(
    ("defect", "adjusted", "exceptions"), [("settlement-mismatch", 0, 1), (None, -500, 0)]
)
def test_a_reserve(fake, start, defect, adjusted, exceptions):
    shop = start(defect)
    shared = {"object": "balance_transaction", "payout": "po_1", "currency": "eur", "source": None}
    for name, category, gross, fee in (
        ("charge", "charge", 4_999, 100),
        ("reserve_transaction", "risk_reserved_funds", -500, 0),
    ):
        kinds = {"type": name, "reporting_category": category}
        fake.lines.append({"id": name, "amount": gross, "fee": fee, "net": gross - fee, **shared, **kinds})
    fake.payouts.append(
        {"id": "po_1", "object": "payout", "amount": 4_399, "currency": "eur", "created": int(time.time())}
    )

    (row,) = shop.client.post("/internal/settlement").json["payouts"]

    assert (row["adjusted_minor"], len(row["exceptions"])) == (adjusted, exceptions)
