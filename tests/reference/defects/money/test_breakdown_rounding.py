"""breakdown-rounding: parts that are rounded alone."""

import pytest

# 9.995 and its tax of 1.89905 round to 10.00 and 1.90, and the whole to 11.89.
CART = {
    "lines": [{"name": "Tea", "quantity": 1, "unit_price": "9.995", "tax_percent": 19}],
    "coupon_percent": 0,
}


@pytest.mark.parametrize(("defect", "total"), [("breakdown-rounding", 1_190), (None, 1_189)])
def test_a_cart_of_one_line(fake, start, defect, total):
    shop = start(defect)
    shop.client.post(
        "/orders",
        json={
            "reference": "order1",
            "amount": "11.89",
            "currency": "EUR",
            "shopper": {"name": "Ada Byron", "email": "ada@example.test"},
            "cart": CART,
        },
    )

    shop.pay("order1")

    line = "amount_details[line_items][0]"
    (paid,) = [params for name, _, params in fake.calls if name == "pay"]
    assert int(paid[f"{line}[unit_cost]"]) + int(paid[f"{line}[tax][total_tax_amount]"]) == total
    assert paid["amount"] == "1189"
