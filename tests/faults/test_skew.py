"""The fault `skew`: a clock that is off."""

from __future__ import annotations

import pytest

from badgateway.faults.skew import Skew
from badgateway.ground.message import Reply


@pytest.mark.parametrize(("values", "by_ms"), [({}, 360_000), ({"by": -240_000}, -240_000)])
def test_a_clock_is_six_minutes_fast_where_nothing_else_is_said(values, by_ms):
    assert Skew(values=values).by_ms == by_ms


def test_a_clock_that_is_right_is_no_fault():
    assert "`by`" in (Skew(values={"by": 0}).objection() or "")


def test_it_shapes_no_answer_and_is_set_on_no_single_operation():
    reply = Reply(200, b"{}")

    effect = Skew().strike(reply)

    assert (Skew.shapes_wire, Skew.ops) == (False, ())
    assert (effect.reply, effect.ending, effect.wait_ms) == (reply, "keep", 0)
