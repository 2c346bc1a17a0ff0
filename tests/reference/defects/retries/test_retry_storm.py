"""retry-storm: a throttled call is repeated at once, again and again."""

import pytest


@pytest.mark.parametrize(("defect", "calls"), [("retry-storm", 25), (None, 1)])
def test_a_throttled_charge(fake, start, defect, calls):
    shop = start(defect, TOTAL_DEADLINE_MS="5000")
    shop.opened()
    busy = (429, {"error": {"type": "invalid_request_error", "code": "rate_limit"}}, {"Retry-After": "30"})
    fake.script["pay"] = [busy] * 25

    shop.pay()

    assert fake.count("pay") == calls
