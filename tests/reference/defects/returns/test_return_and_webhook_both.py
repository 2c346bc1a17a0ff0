"""return-and-webhook-both: both find the order open, and both complete it."""

import pytest

PATIENT = {"CALL_TIMEOUT_MS": "5000", "TOTAL_DEADLINE_MS": "9000"}


@pytest.mark.parametrize(("defect", "times"), [("return-and-webhook-both", 2), (None, 1)])
def test_the_shopper_comes_back_while_the_webhook_is_worked_on(start, paid_both_ways, defect, times):
    shop = start(defect, **PATIENT)

    paid_both_ways(shop)

    assert shop.view()["effects"] == {"fulfilments": times, "receipts": times}


def test_one_after_the_other_they_complete_it_once(start, paid_one_way_after_the_other):
    shop = start("return-and-webhook-both")

    paid_one_way_after_the_other(shop)

    assert shop.view()["effects"] == {"fulfilments": 1, "receipts": 1}
