"""decline-read-as-success: no error is good news."""

import pytest

DEFECT = "decline-read-as-success"


def declined(fake, shop, look):
    """Decline a payment, and answer the look-up that its event causes with `look` of the true answer."""
    shop.opened()
    shop.pay(method="pm_card_declined")
    payment = fake.payments["pi_1"]
    fake.script["fetch"] = [(200, look(payment), {})]
    shop.tell(fake.event("payment_intent.payment_failed", payment))
    return shop.view()


def without_error(payment):
    return {name: value for name, value in payment.items() if name != "last_payment_error"}


@pytest.mark.parametrize(("defect", "status"), [(DEFECT, "PAID"), (None, "FAILED")])
def test_a_look_up_that_shows_no_error(fake, start, defect, status):
    view = declined(fake, start(defect), without_error)

    assert view["status"] == status
    assert view["effects"]["fulfilments"] == (status == "PAID")


@pytest.mark.parametrize("defect", [DEFECT, None])
def test_a_look_up_that_shows_it(fake, start, defect):
    assert declined(fake, start(defect), dict)["status"] == "FAILED"
