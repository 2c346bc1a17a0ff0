"""Which stories may share a running integration with others, and why the rest of them may not."""

from __future__ import annotations

from collections.abc import Iterable

from badgateway.integration.model import Description
from badgateway.journal.entry import Entry
from badgateway.plan.model import ANY, Plan

_STEPS = {
    "kill": "it kills the integration",
    "restart": "it starts the integration again",
    "deploy": "it starts another version of the integration",
    "retire": "it ends a version of the integration",
    "advance": "it lets time pass",
}


def why_alone(plan: Plan, description: Description) -> str:
    """Say why no other story may be played beside this one on the same integration; empty where one may."""
    done = {step.do for one in plan.steps for step in (one, *one.members)}
    for do, why in _STEPS.items():
        if do in done:
            return why
    sync = description.operations.get("sync")
    if sync is not None and "{order." not in repr(sync):
        return "the integration's sync names no order, so it looks at the orders of every story"
    if any(one.do == "kill" for one in plan.faults) or any(one.then == "kill" for one in plan.deliveries):
        return _STEPS["kill"]
    for fault in plan.faults:
        if fault.at.name == ANY:
            return "a fault strikes every call, so that the provider as a whole is in trouble"
        if fault.at.name == "list":
            return "a fault strikes a list, and nothing in a list says whose it is"
    return ""


def why_nameless(entries: Iterable[Entry]) -> str:
    """Say why the calls of this integration cannot be told apart, by a play that made some; empty: they can."""
    first = next((entry for entry in entries if entry.kind == "call.arrived"), None)
    if first is None or first.data["is_ours"]:
        return ""
    return "the integration's first call to the provider carries no order reference of ours"
