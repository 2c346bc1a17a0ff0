"""partial-capture-as-full: a part is asked for, the whole is taken."""

import pytest


@pytest.mark.parametrize(("defect", "taken"), [("partial-capture-as-full", 4999), (None, 1000)])
def test_a_capture_of_a_part(fake, start, defect, taken):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened(capture="manual")
    shop.pay()

    shop.client.post("/orders/o1/capture", json={"amount": "10.00"})

    assert fake.payments["pi_1"]["amount_received"] == taken
