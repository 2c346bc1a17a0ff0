"""no-breaker: a provider that is down is asked for every shopper anew."""

import pytest


@pytest.mark.parametrize(("defect", "asked"), [("no-breaker", 4), (None, 2)])
def test_how_often_a_dead_provider_is_asked(fake, start, defect, asked):
    shop = start(defect, TRIES_MAX="1", BREAKER_FAILURES="2")
    fake.script["pay"] = ["close_before"] * 9

    for name in ("o1", "o2", "o3", "o4"):
        shop.opened(name)
        shop.pay(name)

    assert fake.count("pay") == asked
