"""renewal-rerun: a period is charged by each run of the billing job."""

import pytest


@pytest.mark.parametrize(("defect", "charges"), [("renewal-rerun", 3), (None, 2)])
def test_a_second_run_for_one_period(fake, start, defect, charges):
    shop = start(defect)
    shop.opened()
    shop.client.post("/orders/o1/pay", json={"payment_method": "pm_card_visa", "save": True})

    for _ in range(2):
        shop.client.post("/orders/o1/renewals", json={"reference": "o1-2", "amount": "49.99"})

    assert fake.count("pay") == charges
