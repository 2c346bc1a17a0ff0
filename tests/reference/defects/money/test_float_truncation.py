"""float-truncation: a cent is cut off."""

import pytest


@pytest.mark.parametrize(("defect", "asked"), [("float-truncation", 819), (None, 820)])
def test_eight_twenty(fake, start, defect, asked):
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened(amount="8.20")

    shop.pay()

    assert fake.payments["pi_1"]["amount"] == asked
