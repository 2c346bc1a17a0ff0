"""authorizing-ordered-anew: what an orchestrator works on stops no second order."""

import pytest

from badgateway.reference.defects import policies_with
from badgateway.reference.states import State


@pytest.mark.parametrize(
    ("defect", "is_blocked", "slot"), [("authorizing-ordered-anew", False, None), (None, True, 7)]
)
def test_an_order_that_is_being_worked_on(defect, is_blocked, slot):
    policy = policies_with(defect).one_attempt

    assert (policy.blocks(State.PROCESSING), policy.slot(7)) == (is_blocked, slot)


@pytest.mark.parametrize("defect", ["authorizing-ordered-anew", None])
def test_an_order_that_is_paid_blocks(defect):
    assert policies_with(defect).one_attempt.blocks(State.SUCCEEDED)
