"""Which stories may share a running integration with others, and why the rest of them may not."""

from __future__ import annotations

from collections.abc import Iterable

from badgateway.faults import FAULTS
from badgateway.integration.model import Description
from badgateway.journal.entry import Entry
from badgateway.plan.model import ANY, Plan, PlannedFault

_STEPS = {
    "kill": "it kills the integration",
    "restart": "it starts the integration again",
    "deploy": "it starts another version of the integration",
    "retire": "it ends a version of the integration",
    "advance": "it lets time pass",
    "settle": "it settles, and payouts belong to no order",
    "adjust": "it settles, and payouts belong to no order",
    "payout": "it settles, and payouts belong to no order",
}


def why_alone(plan: Plan, description: Description) -> str:
    """Say why no other story may be played beside this one on the same integration; empty where one may."""
    done = {step.do for one in plan.steps for step in (one, *one.members)}
    reasons = [why for do, why in _STEPS.items() if do in done]
    if any(fault.do == "kill" for fault in plan.faults) or any(one.then == "kill" for one in plan.deliveries):
        reasons.append(_STEPS["kill"])
    if plan.load:
        reasons.append(
            "it counts how the rest is served while a call is held, and others would be in the way"
        )
    sync = description.operations.get("sync")
    if sync is not None and "{order." not in repr(sync):
        reasons.append("the integration's sync names no order, so it looks at the orders of every story")
    has_breaker = bool(description.declares.breaker_failures)
    reasons += [_of_fault(fault, has_breaker=has_breaker) for fault in plan.faults]
    return next(filter(None, reasons), "")


def _of_fault(fault: PlannedFault, *, has_breaker: bool) -> str:
    if fault.at.name == ANY:
        return "a fault strikes every call, so that the provider as a whole is in trouble"
    if fault.at.name == "list":
        return "a fault strikes a list, and nothing in a list says whose it is"
    if has_breaker and fault.at.n is None and FAULTS[fault.do].shapes_wire:
        return "calls fail again and again, and the integration's breaker counts those of all stories"
    return ""


def why_nameless(entries: Iterable[Entry]) -> str:
    """Say why the calls of this integration cannot be told apart, going by one play; empty: they can."""
    first = next((entry for entry in entries if entry.kind == "call.arrived"), None)
    if first is None or first.data["is_ours"]:
        return ""
    return "the integration's first call to the provider carries no order reference of ours"
