"""non2xx-disables-endpoint: what it has no use for is an error."""

import pytest

CUSTOMER = {"id": "cus_1", "object": "customer"}
STRANGER = {"id": "pi_of_another", "object": "payment_intent", "metadata": {"order": "elsewhere"}}


@pytest.mark.parametrize(("defect", "status"), [("non2xx-disables-endpoint", 400), (None, 200)])
def test_an_event_of_a_type_that_it_does_not_know(fake, start, defect, status):
    shop = start(defect)

    assert shop.tell(fake.event("customer.updated", CUSTOMER)).status_code == status


@pytest.mark.parametrize(("defect", "status"), [("non2xx-disables-endpoint", 404), (None, 200)])
def test_an_event_of_somebody_elses_payment(fake, start, defect, status):
    shop = start(defect)

    assert shop.tell(fake.event("payment_intent.succeeded", STRANGER)).status_code == status


def test_its_own_events_are_accepted(fake, start):
    shop = start("non2xx-disables-endpoint")
    shop.opened()
    shop.pay()

    answer = shop.tell(fake.event("payment_intent.succeeded", fake.payments["pi_1"]))

    assert (answer.status_code, shop.view()["status"]) == (200, "PAID")
