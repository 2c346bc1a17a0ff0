"""effect-forgotten: what could not be sent is not sent again."""

import pytest

from badgateway.reference import outbox


@pytest.mark.parametrize(("defect", "is_still_due"), [("effect-forgotten", False), (None, True)])
def test_what_nobody_answered(start, nowhere, defect, is_still_due):
    shop = start(defect, EFFECTS_URL=nowhere)
    shop.opened()

    shop.pay()

    assert bool(outbox._claim(shop.service)) is is_still_due
