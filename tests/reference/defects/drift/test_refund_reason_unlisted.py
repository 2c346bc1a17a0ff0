"""refund-reason-unlisted: a refund is sent with a reason that the provider does not list."""

import pytest


@pytest.mark.parametrize(("defect", "is_sent"), [("refund-reason-unlisted", True), (None, False)])
def test_the_reason_of_a_refund(fake, start, defect, is_sent):
    shop = start(defect)
    shop.opened()
    shop.pay()

    shop.client.post("/orders/o1/refunds", json={"amount": "10.00"})

    params = next(params for operation, _, params in fake.calls if operation == "refund")
    assert ("reason" in params) is is_sent
