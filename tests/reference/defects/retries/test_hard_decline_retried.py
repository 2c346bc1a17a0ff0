"""hard-decline-retried: a declined card is charged again by itself."""

import pytest


@pytest.mark.parametrize(("defect", "charges"), [("hard-decline-retried", 4), (None, 1)])
def test_a_decline(fake, start, defect, charges):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()

    shop.pay(method="pm_card_declined")

    assert fake.count("pay") == charges
