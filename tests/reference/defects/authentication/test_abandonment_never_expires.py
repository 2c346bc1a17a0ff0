"""abandonment-never-expires: an open challenge holds the order for ever."""

import pytest

FAR_FUTURE = 4_000_000_000_000


@pytest.mark.parametrize(
    ("defect", "status"), [("abandonment-never-expires", "PENDING"), (None, "CANCELLED")]
)
def test_what_becomes_of_an_order_that_its_shopper_left(fake, start, defect, status):
    shop = start(defect)
    shop.opened()
    shop.pay(method="pm_action")

    shop.client.post(f"/internal/sync?now={FAR_FUTURE}")

    assert shop.view()["status"] == status
