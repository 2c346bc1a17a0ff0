"""failed-terminal-blocks-success: a failed order stays failed."""

import pytest


@pytest.mark.parametrize(("defect", "status"), [("failed-terminal-blocks-success", "FAILED"), (None, "PAID")])
def test_a_second_card_pays(fake, start, defect, status):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    shop.pay(method="pm_card_declined")

    shop.pay()

    assert shop.view()["status"] == status
