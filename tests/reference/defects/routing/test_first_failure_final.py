"""first-failure-final: the first attempt of an orchestrator is read for the order."""

import pytest

from badgateway.reference.defects import policies_with
from badgateway.reference.seen import PaymentSeen
from badgateway.reference.states import State


def seen(*tries):
    paid = (State.SUCCEEDED, 4999, "EUR", 4999, 0, False, None, None, "o1", 1)
    return PaymentSeen("o1A1", *paid, tries=tries)


@pytest.mark.parametrize(
    ("defect", "state"), [("first-failure-final", State.FAILED), (None, State.SUCCEEDED)]
)
def test_an_order_whose_second_attempt_was_paid(defect, state):
    found = policies_with(defect).orchestrating.read(seen(State.FAILED, State.SUCCEEDED))

    assert found.state is state


@pytest.mark.parametrize("defect", ["first-failure-final", None])
def test_an_order_that_was_paid_at_once(defect):
    told = seen(State.SUCCEEDED)

    assert policies_with(defect).orchestrating.read(told) is told
