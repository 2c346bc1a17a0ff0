"""attempts-counted-as-success: a decline is counted as a success."""

import pytest


@pytest.mark.parametrize(
    ("defect", "counted"), [("attempts-counted-as-success", "succeeded"), (None, "declined")]
)
def test_what_a_declined_payment_counts_as(start, defect, counted):
    shop = start(defect)
    shop.opened()

    shop.pay(method="pm_card_declined")

    lines = shop.client.get("/metrics").text.splitlines()
    told = [line for line in lines if line.startswith("integration_payments_total")]
    assert len(told) == 1
    assert f'result="{counted}"' in told[0]
    assert told[0].endswith(" 1.0")
