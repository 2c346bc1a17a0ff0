"""reconcile-blind-spot: the payment is on a later page of the provider's list."""

import pytest

STORED = (500, {"error": {"type": "api_error"}}, {"Stripe-Should-Retry": "false"})
REPLAYED = (STORED[0], STORED[1], {**STORED[2], "Idempotent-Replayed": "true"})
MADE = {
    "amount": "4999",
    "currency": "eur",
    "payment_method": "pm_card_visa",
    "capture_method": "automatic",
    "metadata[order]": "o1",
    "metadata[attempt]": "1",
}


@pytest.mark.parametrize(("defect", "status"), [("reconcile-blind-spot", "FAILED"), (None, "PAID")])
def test_the_first_page_does_not_have_it_and_says_that_there_is_more(fake, start, defect, status):
    shop = start(defect)
    shop.opened()
    fake.script["pay"] = [STORED, REPLAYED]
    shop.pay()
    fake.pay(MADE)
    somebodys = {**fake.payments["pi_1"], "id": "pi_9", "metadata": {}}
    page = {"object": "list", "data": [somebodys], "has_more": True, "url": "/v1/x"}
    fake.script["list"] = [(200, page, {})] * 2

    shop.client.post("/internal/sync")

    assert shop.view()["status"] == status
