"""refund-wrong-currency: what the books say is sent in the shopper's currency."""

import pytest


@pytest.mark.parametrize(("defect", "sent"), [("refund-wrong-currency", "1000"), (None, "400000")])
def test_a_part_of_forints(fake, start, defect, sent):
    shop = start(defect)
    shop.client.post(
        "/orders",
        json={
            "reference": "order1",
            "amount": "10000",
            "currency": "HUF",
            "shopper": {"name": "Ada Byron", "email": "ada@example.test"},
            "base_currency": "EUR",
            "base_amount": "25.00",
        },
    )
    shop.pay("order1")

    shop.client.post("/orders/order1/refunds", json={"amount": "4000", "refund_reference": "r1"})

    assert [params["amount"] for name, _, params in fake.calls if name == "refund"] == [sent]
