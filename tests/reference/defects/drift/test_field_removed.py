"""field-removed: a field that is hardly needed, and missed all the same."""

import pytest

DEFECT = "field-removed"


def told(fake, shop, snapshot):
    shop.client.application.testing = False
    shop.client.application.config["PROPAGATE_EXCEPTIONS"] = False
    shop.opened()
    shop.pay()
    return shop.tell(fake.event("payment_intent.succeeded", snapshot(fake.payments["pi_1"]))).status_code


def without_charge(payment):
    return {name: value for name, value in payment.items() if name != "latest_charge"}


@pytest.mark.parametrize(("defect", "status"), [(DEFECT, 500), (None, 200)])
def test_an_event_without_the_charge(fake, start, defect, status):
    assert told(fake, start(defect), without_charge) == status


@pytest.mark.parametrize("defect", [DEFECT, None])
def test_an_event_with_it(fake, start, defect):
    assert told(fake, start(defect), dict) == 200
