"""unknown-type-crash: a type that nobody wrote a line for."""

import pytest

DEFECT = "unknown-type-crash"


def told(fake, shop, kind):
    shop.client.application.testing = False
    shop.client.application.config["PROPAGATE_EXCEPTIONS"] = False
    shop.opened()
    shop.pay()
    return shop.tell(fake.event(kind, fake.payments["pi_1"])).status_code


@pytest.mark.parametrize(("defect", "status"), [(DEFECT, 500), (None, 200)])
def test_an_event_of_a_new_type(fake, start, defect, status):
    assert told(fake, start(defect), "payment_intent.something_new") == status


@pytest.mark.parametrize("defect", [DEFECT, None])
def test_an_event_of_a_known_type(fake, start, defect):
    assert told(fake, start(defect), "payment_intent.succeeded") == 200
