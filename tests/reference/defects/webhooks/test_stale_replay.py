"""stale-replay: what was signed long ago is believed as it stands."""

import time

import pytest


@pytest.mark.parametrize(
    ("defect", "status", "shown"), [("stale-replay", 200, "PAID"), (None, 400, "PENDING")]
)
def test_a_success_signed_an_hour_ago_which_the_provider_knows_nothing_of(fake, start, defect, status, shown):
    shop = start(defect)
    shop.opened()
    shop.pay(method="pm_slow")
    kept = {**fake.payments["pi_1"], "status": "succeeded", "amount_received": 4999}

    answer = shop.tell(fake.event("payment_intent.succeeded", kept), at=int(time.time()) - 3_600)

    assert (answer.status_code, shop.view()["status"]) == (status, shown)


@pytest.mark.parametrize(("secret", "at_s"), [("whsec_of_another", 0), ("whsec_of_another", 3_600)])
def test_a_signature_of_somebody_else_is_refused_all_the_same(fake, start, secret, at_s):
    shop = start("stale-replay")
    shop.opened()
    shop.pay()
    event = fake.event("payment_intent.succeeded", fake.payments["pi_1"])

    assert shop.tell(event, secret=secret, at=int(time.time()) - at_s).status_code == 400


def test_what_comes_in_time_is_only_a_hint(fake, start):
    shop = start("stale-replay")
    shop.opened()
    shop.pay(method="pm_slow")
    false = {**fake.payments["pi_1"], "status": "succeeded", "amount_received": 4999}

    shop.tell(fake.event("payment_intent.succeeded", false))

    assert shop.view()["status"] == "PENDING"
