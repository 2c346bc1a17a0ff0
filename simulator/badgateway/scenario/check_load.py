"""What is asked while a call is held: known words, and an order where one is meant."""

from __future__ import annotations

from badgateway.errors import Problem, nearest
from badgateway.scenario.language import LOADABLE
from badgateway.scenario.model import Case, Load
from badgateway.scenario.read import order_names


def check_load(case: Case) -> list[Problem]:
    """Give what is wrong with the load of a case."""
    return [problem for load in case.load for problem in _check(case, load)]


def _check(case: Case, load: Load) -> list[Problem]:
    orders = order_names(case.steps)
    problems = [
        case.document.problem((*load.path, "on", index), f"nobody asks for {word!r}{nearest(word, LOADABLE)}")
        for index, word in enumerate(load.on)
        if word not in LOADABLE
    ]
    named = [word for word in load.on if word in ("view", "open")]
    if named and load.order is None:
        what = f"{named[0]!r} is about an order, and none is named"
        problems.append(case.document.problem((*load.path, "on"), what, "say `order: o1`"))
    if load.order is not None and load.order not in orders:
        what = f"unknown order {load.order!r}{nearest(load.order, orders)}"
        problems.append(case.document.problem((*load.path, "order"), what))
    return problems
