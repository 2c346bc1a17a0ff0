"""amount-not-verified: a payment that succeeded with less, or with other money, than was agreed."""

import pytest


@pytest.mark.parametrize(("defect", "status"), [("amount-not-verified", "PAID"), (None, "REVIEW")])
@pytest.mark.parametrize(("received", "currency"), [(500, "eur"), (4999, "usd")])
def test_another_amount_or_currency_succeeded(fake, start, defect, status, received, currency):
    shop = start(defect)
    shop.opened()
    shop.pay(method="pm_slow")
    fake.become(fake.payments["pi_1"], "succeeded", received, currency=currency)

    shop.tell(fake.event("payment_intent.succeeded", fake.payments["pi_1"]))

    assert shop.view()["status"] == status
    assert shop.view()["effects"]["fulfilments"] == int(status == "PAID")
