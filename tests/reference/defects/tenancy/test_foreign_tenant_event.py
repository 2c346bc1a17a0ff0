"""foreign-tenant-event: an order is found by its number, whosever it is."""

import pytest


@pytest.mark.parametrize(("defect", "status"), [("foreign-tenant-event", "PAID"), (None, "FAILED")])
def test_another_shops_payment_for_the_same_number(fake, start, defect, status):
    shop = start(defect, **fake.second_merchant)
    shop.opened()
    shop.pay(method="pm_card_declined")
    number = {f"metadata[{name}]": value for name, value in fake.payments["pi_1"]["metadata"].items()}
    form = {
        "amount": "4999",
        "currency": "eur",
        "payment_method": "pm_card_visa",
        "capture_method": "automatic",
    }
    _, elsewhere = fake.pay(form | number)
    event = fake.event("payment_intent.succeeded", elsewhere) | {"livemode": True}

    told = shop.tell(event, to="second", secret=fake.second_merchant["STRIPE_WEBHOOK_SECRET_SECOND"])

    assert told.status_code == 200
    assert shop.view()["status"] == status
