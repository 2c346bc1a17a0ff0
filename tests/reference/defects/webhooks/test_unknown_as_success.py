"""unknown-as-success: the else of the mapping is paid."""

import pytest

DEFECT = "unknown-as-success"


def told(fake, shop, word):
    shop.opened()
    shop.pay(method="pm_slow")
    snapshot = fake.payments["pi_1"] | {"status": word}
    assert shop.tell(fake.event("payment_intent.processing", snapshot)).status_code == 200
    return shop.view()


@pytest.mark.parametrize(("defect", "status"), [(DEFECT, "PAID"), (None, "PENDING")])
def test_a_status_that_nobody_knows(fake, start, defect, status):
    assert told(fake, start(defect), "something_new")["status"] == status


@pytest.mark.parametrize("defect", [DEFECT, None])
def test_a_status_that_everybody_knows(fake, start, defect):
    assert told(fake, start(defect), "processing")["status"] == "PENDING"
