"""deadline-not-total: the limit begins anew with each read."""

import pytest


@pytest.mark.parametrize(("defect", "left_ms"), [("deadline-not-total", 250), (None, 10)])
def test_the_next_read_of_an_exchange(fake, start, defect, left_ms):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")

    left = shop.service.policies.deadlines.left_ms(1_000, 990, 250)

    assert left == left_ms
