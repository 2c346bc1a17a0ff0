"""return-url-trusted: whoever opens the page has paid."""

import pytest


@pytest.mark.parametrize(("defect", "status"), [("return-url-trusted", "PAID"), (None, "PENDING")])
def test_the_page_is_opened_without_paying(fake, start, defect, status):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    shop.pay(method="pm_action")

    shop.client.get("/orders/o1/return")

    assert shop.view()["status"] == status
