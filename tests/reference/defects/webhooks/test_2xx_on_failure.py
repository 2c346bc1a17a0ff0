"""2xx-on-failure: all is well, whatever happened."""

import pytest

DEFECT = "2xx-on-failure"


def refunded(fake, shop):
    """Pay an order, and refund it on the provider's own page."""
    shop.opened()
    shop.pay()
    fake.refund({"payment_intent": "pi_1", "amount": "4999"})


@pytest.mark.parametrize(("defect", "status"), [(DEFECT, 200), (None, 422)])
def test_an_event_that_says_nothing_about_what_it_is(fake, start, defect, status):
    shop = start(defect)
    refunded(fake, shop)

    assert shop.tell(fake.event("charge.refunded", None)).status_code == status


@pytest.mark.parametrize(("defect", "status"), [(DEFECT, "PAID"), (None, "REFUNDED")])
def test_what_the_order_is_after_the_job_has_run(fake, start, defect, status):
    shop = start(defect)
    refunded(fake, shop)
    shop.tell(fake.event("charge.refunded", None))

    shop.client.post("/internal/sync")

    assert shop.view()["status"] == status


@pytest.mark.parametrize(("defect", "status"), [(DEFECT, 200), (None, 503)])
def test_a_look_up_that_fails(fake, start, defect, status):
    shop = start(defect)
    shop.opened()
    shop.pay()
    fake.script["fetch"] = [(500, {"error": {"type": "api_error"}}, {})] * 9

    assert shop.tell(fake.event("payment_intent.succeeded", fake.payments["pi_1"])).status_code == status


@pytest.mark.parametrize("defect", [DEFECT, None])
def test_a_forgery_is_refused_all_the_same(fake, start, defect):
    shop = start(defect)
    refunded(fake, shop)

    answer = shop.tell(fake.event("payment_intent.succeeded", fake.payments["pi_1"]), secret="whsec_other")

    assert answer.status_code == 400
