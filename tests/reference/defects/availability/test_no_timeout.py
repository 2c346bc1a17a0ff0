"""no-timeout: a call may take for ever."""

import pytest


@pytest.mark.parametrize(("defect", "call_ms"), [("no-timeout", 86_400_000), (None, 40)])
def test_how_long_a_call_may_take(fake, start, defect, call_ms):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")

    allowed = shop.service.policies.deadlines.call_ms(40, 250)

    assert allowed == call_ms
