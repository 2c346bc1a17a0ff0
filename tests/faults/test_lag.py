"""The fault `lag`: what a look does not show yet."""

from __future__ import annotations

import pytest

from badgateway.faults.base import BEFORE_COMMIT
from badgateway.faults.lag import Lag
from badgateway.ground.message import Reply


@pytest.mark.parametrize(
    ("values", "behind", "page"),
    [({}, 1, None), ({"behind": 3}, 3, None), ({"page": 2}, 0, 2), ({"behind": 2, "page": 1}, 2, 1)],
)
def test_it_is_behind_by_one_change_where_nothing_else_is_said(values, behind, page):
    fault = Lag(values=values)

    assert (fault.behind, fault.page) == (behind, page)
    assert fault.objection() is None


def test_a_lag_of_nothing_is_objected_to():
    assert "`behind`" in (Lag(values={"behind": 0}).objection() or "")


def test_it_strikes_looks_only_and_leaves_their_answer_as_it_is():
    reply = Reply(404, b"no such thing")

    effect = Lag().strike(reply)

    assert (Lag.shapes_wire, Lag.phases, Lag.ops) == (False, (BEFORE_COMMIT,), ("fetch", "list"))
    assert (effect.reply, effect.ending, effect.wait_ms) == (reply, "keep", 0)
