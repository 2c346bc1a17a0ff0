"""Events in the words of another version: looked up where they can be, refused where they cannot."""

import pytest


def paid(fake, shop):
    """Pay by a method that takes its time, and let the money arrive unheard."""
    shop.opened()
    shop.pay(method="pm_slow")
    fake.become(fake.payments["pi_1"], "succeeded", 4999)
    return dict(fake.payments["pi_1"])


@pytest.mark.parametrize("thing", [None, {}, "pi_1", {"object": "payment_intent"}, {"object": "refund"}])
def test_an_event_that_does_not_say_what_it_is_about_is_refused_and_changes_nothing(fake, start, thing):
    shop = start()
    paid(fake, shop)

    answer = shop.tell(fake.event("payment_intent.succeeded", thing))

    assert answer.status_code == 422
    assert shop.view()["status"] == "PENDING"


@pytest.mark.parametrize("change", ["drop", "null"])
@pytest.mark.parametrize("field", ["amount", "status", "latest_charge", "metadata", "currency"])
def test_whatever_else_is_gone_the_payment_is_looked_up(fake, start, field, change):
    shop = start()
    thing = paid(fake, shop)
    if change == "drop":
        del thing[field]
    else:
        thing[field] = None

    answer = shop.tell(fake.event("payment_intent.succeeded", thing))

    assert answer.status_code == 200
    assert shop.view()["status"] == "PAID"


def test_an_event_that_carries_an_id_and_nothing_else_is_looked_up(fake, start):
    shop = start()
    paid(fake, shop)

    answer = shop.tell(fake.event("payment_intent.succeeded", {"id": "pi_1", "object": "payment_intent"}))

    assert answer.status_code == 200
    assert shop.view()["status"] == "PAID"


def test_an_event_about_something_that_is_none_of_its_business_is_passed_over(fake, start):
    shop = start()
    paid(fake, shop)

    answer = shop.tell(fake.event("balance.available", {"object": "balance"}))

    assert (answer.status_code, shop.view()["status"]) == (200, "PENDING")


def test_what_was_refused_is_found_by_the_job(fake, start):
    shop = start()
    paid(fake, shop)
    shop.tell(fake.event("payment_intent.succeeded", None))

    shop.client.post("/internal/sync")

    assert shop.view()["status"] == "PAID"


@pytest.mark.parametrize("field", ["id", "status", "amount", "currency"])
def test_an_answer_about_a_refund_without_what_it_needs_is_asked_for_again(fake, start, field):
    shop = start()
    shop.opened()
    shop.pay()
    answer = {"id": "re_1", "object": "refund", "amount": 1000, "currency": "eur", "status": "succeeded"}
    fake.script["refund"] = [(200, {name: value for name, value in answer.items() if name != field}, {})]

    shop.client.post("/orders/o1/refunds", json={"amount": "10.00", "reference": "r1"})

    assert fake.count("refund") == 2
    assert len(set(fake.keys("refund"))) == 1
    assert shop.view()["refunded_minor"] == 1000


@pytest.mark.parametrize("field", ["id", "status", "amount", "amount_received", "currency"])
def test_an_answer_about_a_payment_without_what_it_needs_is_asked_for_again(fake, start, field):
    shop = start()
    shop.opened()
    answer = {
        "id": "pi_1",
        "object": "payment_intent",
        "amount": 4999,
        "amount_received": 4999,
        "currency": "eur",
        "status": "succeeded",
        "metadata": {},
    }
    fake.script["pay"] = [(200, answer | {field: None}, {})]

    shop.pay()

    assert fake.count("pay") == 2
    assert len(set(fake.keys("pay"))) == 1
    assert shop.view()["status"] == "PAID"


def test_a_decline_whose_payment_has_no_id_is_a_decline_all_the_same(fake, start):
    shop = start()
    shop.opened()
    error = {"type": "card_error", "code": "card_declined", "payment_intent": {"id": None, "status": "x"}}
    fake.script["pay"] = [(402, {"error": error}, {})]

    answer = shop.pay()

    assert (answer.status_code, shop.view()["status"], fake.count("pay")) == (402, "FAILED", 1)
