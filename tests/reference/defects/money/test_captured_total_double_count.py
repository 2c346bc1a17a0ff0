"""captured-total-double-count: both add what was captured to the total."""

import pytest

PATIENT = {"CALL_TIMEOUT_MS": "5000", "TOTAL_DEADLINE_MS": "9000"}


@pytest.mark.parametrize(("defect", "total"), [("captured-total-double-count", 9998), (None, 4999)])
def test_the_shopper_comes_back_while_the_webhook_is_worked_on(start, paid_both_ways, defect, total):
    shop = start(defect, **PATIENT)

    paid_both_ways(shop)

    shown = shop.view()
    assert (shown["paid_minor"], shown["status"]) == (total, "PAID")


def test_one_after_the_other_they_count_it_once(start, paid_one_way_after_the_other):
    shop = start("captured-total-double-count")

    paid_one_way_after_the_other(shop)

    assert shop.view()["paid_minor"] == 4999
