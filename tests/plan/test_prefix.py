"""The beginning of a story: its first steps with the same faults and deliveries, expecting nothing."""

import pytest

from badgateway.plan.compile import compile_scenario
from badgateway.plan.model import Expect
from badgateway.plan.prefix import beginning
from badgateway.scenario.load import read_scenario

STORY = """\
title: A refund
steps: [{pay: o1}, {refund: o1}, sync]
faults: [{at: "refund[1]", phase: after_commit, do: close}]
deliveries: [{event: "payment.succeeded[1]", copies: 2}]
expect: {order: {o1: REFUNDED}}
"""


def test_a_beginning_keeps_all_but_the_later_steps_and_the_expectation():
    (plan,) = compile_scenario(read_scenario(STORY, "story.yaml"), 1)

    first = beginning(plan, 2)

    assert [step.do for step in first.steps] == ["pay", "refund"]
    assert (first.faults, first.deliveries, first.orders) == (plan.faults, plan.deliveries, plan.orders)
    assert first.expect == Expect()


@pytest.mark.parametrize("steps", [0, 3])
def test_nothing_and_the_whole_story_are_no_beginnings(steps):
    (plan,) = compile_scenario(read_scenario(STORY, "story.yaml"), 1)

    with pytest.raises(AssertionError):
        beginning(plan, steps)
