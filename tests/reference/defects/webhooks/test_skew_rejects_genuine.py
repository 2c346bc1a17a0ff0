"""skew-rejects-genuine: a signature that is a few minutes old by a clock that is a few minutes slow."""

import time

import pytest


@pytest.mark.parametrize(
    ("defect", "age_s", "answered"),
    [
        ("skew-rejects-genuine", 240, 400),
        ("skew-rejects-genuine", -240, 200),
        (None, 240, 200),
        (None, -240, 200),
        (None, 360, 400),
    ],
)
def test_the_providers_clock_is_minutes_off(fake, start, defect, age_s, answered):
    shop = start(defect)
    shop.opened()
    shop.pay()
    event = fake.event("payment_intent.succeeded", fake.payments["pi_1"])

    told = shop.tell(event, at=int(time.time()) - age_s)

    assert told.status_code == answered
