"""Periods of a renewed order: each renewal is an order of its own, o1_2 and o1_3 for the renewals of o1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from badgateway.scenario.model import Step

FIRST = 1  # the period that the shopper paid


def with_periods(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Give each renewal the order of its period; `again` means the one that was renewed last."""
    last: Counter[str] = Counter()
    return tuple(
        replace(_renewed(step, last), members=tuple(_renewed(one, last) for one in step.members))
        for step in steps
    )


def period_of(order: str) -> int:
    """Give the number of a period by the name of its order."""
    return int(order.rpartition("_")[2])


def _renewed(step: Step, last: Counter[str]) -> Step:
    if step.do != "renew" or step.order is None:
        return step
    if not step.is_again or not last[step.order]:
        last[step.order] = max(last[step.order], FIRST) + 1
    return replace(step, order=f"{step.order}_{last[step.order]}", renews=step.order)
