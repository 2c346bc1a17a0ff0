"""garbage-body: a page of HTML is a no."""

import pytest


@pytest.mark.parametrize(("defect", "status"), [("garbage-body", "FAILED"), (None, "PENDING")])
def test_a_page_in_place_of_the_answer(fake, start, defect, status):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened()
    fake.script["pay"] = [(200, b"<html>back soon</html>", {})] * 3

    shop.pay()

    assert shop.view()["status"] == status
