"""Provider states of an integration: a text and its parameters become a story, and a story is looked at."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from badgateway.errors import InputError, nearest
from badgateway.integration.contracts import State
from badgateway.journal.entry import Entry
from badgateway.plan.compile import compile_scenario
from badgateway.plan.model import Plan
from badgateway.scenario.load import read_scenario
from badgateway.verify.states import refused

_VARIABLE = re.compile(r"\$([a-z][a-z0-9_]*)")
_PLACE = "states"
_OPENED = "run.order"


def plan_of(states: Mapping[str, State], text: str, params: Mapping[str, Any], provider: str) -> Plan:
    """Give the story of a state with its parameters; raises InputError where it makes none."""
    state = states.get(text)
    if state is None:
        raise refused(text, f"is unknown{nearest(text, states)}")
    parts = {"world": state.world, "steps": list(state.steps), "expect": state.expect}
    named = dict.fromkeys(_VARIABLE.findall(json.dumps(parts)))
    given = {**state.defaults, **params}
    for name in named:
        if name not in given:
            raise refused(text, f"needs the parameter {name!r}")
    unknown = sorted(set(params) - set(named))
    if unknown:
        raise refused(text, f"has no parameter {unknown[0]!r}{nearest(unknown[0], named)}")
    story = {"title": text, **{name: part for name, part in parts.items() if part}}
    if named:
        # A matrix of one case: its variables are the parameters.
        story["matrix"] = {name: [given[name]] for name in named}
    try:
        (plan,) = compile_scenario(read_scenario(json.dumps(story), _PLACE), 1, provider)
    except InputError as error:
        raise refused(text, f"is no story that can be played: {error}") from error
    return plan


def references(entries: Sequence[Entry]) -> dict[str, str]:
    """Give the reference of each order of a story by the story's name; the first one also as `order`."""
    found = {str(one.order): str(one.data["reference"]) for one in entries if one.kind == _OPENED}
    return {"order": next(iter(found.values())), **found} if found else {}


def missed(plan: Plan, entries: Sequence[Entry]) -> str | None:
    """Say why a story did not lead to its state; None: it did."""
    for entry in entries:
        if entry.kind == "run.skipped":
            return f"{entry.data['do']} could not be done: {entry.data['why']}"
    shown = {entry.order: entry.data for entry in entries if entry.kind == "view.read"}
    for order, wanted in plan.expect.order.items():
        view = shown.get(order)
        if view is None or not view["is_readable"]:
            return f"the integration shows nothing of {order}"
        if view["status"] != wanted:
            return f"{order} should be {wanted}, and the integration shows {view['status']}"
    failed = [
        entry.data for entry in entries if entry.kind == "op.returned" and entry.data["outcome"] != "ok"
    ]
    if failed and not plan.expect.order:
        why = failed[0]["problem"] or f"HTTP status {failed[0]['http_status']}"
        return f"{failed[0]['do']} came to {failed[0]['outcome']} ({why})"
    return None
