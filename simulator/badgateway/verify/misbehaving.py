"""A provider that misbehaves all the time: what generated requests to an integration meet under faults."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from badgateway.plan.compile import compile_scenario
from badgateway.plan.model import ANY, PlannedFault, Selector
from badgateway.scenario.load import read_scenario

CALLS_MAX = 600  # of the integration to its provider, until the provider behaves again
EACH = 2  # every so many calls one goes wrong, so that a breaker does not hide what is behind it
SLACK_MS = 2_000  # beside the declared deadline: the tool measures on a machine that is busy with it
# One of each way in which a call goes wrong; which call that is, is said for each of them afterwards.
_STORY = """
title: A provider misbehaves all the time
steps: [{pay: {order: o1}}]
faults:
  - {at: "charge[1]", do: reply, status: 500}
  - {at: "charge[2]", phase: after_commit, do: close}
  - {at: "charge[3]", do: reply, status: 429}
  - {at: "charge[4]", phase: before_commit, do: close}
  - {at: "charge[5]", do: reply, status: 200, body: "<html>maintenance</html>"}
  - {at: "charge[6]", phase: after_commit, do: cut}
  - {at: "charge[7]", do: reply, status: 503, body: ""}
  - {at: "charge[8]", phase: after_commit, do: reply, status: 502, body: "<html>bad gateway</html>"}
  - {at: "charge[9]", phase: before_commit, do: hold}
"""


def faults_from(arrival: int, provider: str) -> tuple[PlannedFault, ...]:
    """Give the faults that strike every other call from this one on, counted over all calls of a world."""
    return tuple(_faults(arrival, provider))


def _faults(arrival: int, provider: str) -> Iterator[PlannedFault]:
    ways = _ways(provider)
    for count, place in enumerate(range(arrival, arrival + CALLS_MAX, EACH)):
        way = ways[count % len(ways)]
        yield replace(way, index=count + 1, at=Selector(ANY, place, None))


@lru_cache(maxsize=8)
def _ways(provider: str) -> tuple[PlannedFault, ...]:
    (plan,) = compile_scenario(read_scenario(_STORY, "misbehaving"), 1, provider)
    return plan.faults
