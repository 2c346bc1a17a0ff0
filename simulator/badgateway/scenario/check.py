"""All checks of one file, in order: shape, matrix, then what the story of each case says."""

from __future__ import annotations

from functools import cache

from badgateway.errors import InputError, Problem
from badgateway.ground.shape import check_shape
from badgateway.ground.yaml12 import Document
from badgateway.scenario.check_deliveries import check_deliveries
from badgateway.scenario.check_load import check_load
from badgateway.scenario.check_merchants import check_merchants
from badgateway.scenario.check_money import check_money
from badgateway.scenario.check_steps import check_steps
from badgateway.scenario.matrix import combinations, fill_in
from badgateway.scenario.model import Case, Scenario
from badgateway.scenario.read import read_case
from badgateway.scenario.schema import Schema, scenario_schema


def to_scenario(document: Document, path: str) -> Scenario:
    """Make a scenario of a document; raises InputError with every problem of the file."""
    outline = check_shape(document, _schema(with_variables=True))
    if outline:
        raise InputError(outline)
    chosen, problems = combinations(document)
    cases = []
    found = set(problems)
    for n, choice in enumerate(chosen, start=1):
        case, wrong = _case(document, n, choice)
        found |= set(wrong)
        if case is not None:
            cases.append(case)
    if found:
        raise InputError(found)
    return _scenario(document, path, tuple(cases))


def _case(document: Document, n: int, choice: dict[str, int]) -> tuple[Case | None, list[Problem]]:
    filled, problems = fill_in(document, choice)
    problems = problems or check_shape(filled, _schema(with_variables=False))
    if problems:
        return None, problems
    matrix = {name: document.value["matrix"][name][index] for name, index in choice.items()}
    case, unread = read_case(filled, n, matrix)
    told = [*check_steps(case), *check_money(case), *check_deliveries(case), *check_load(case)]
    return case, [*unread, *told, *check_merchants(case)]


def _scenario(document: Document, path: str, cases: tuple[Case, ...]) -> Scenario:
    value = document.value
    providers = value.get("providers") or []
    if isinstance(providers, str):
        providers = [providers]
    return Scenario(
        path,
        value["title"],
        value.get("why", ""),
        tuple(value.get("tags") or ()),
        () if "any" in providers else tuple(providers),
        cases,
        document,
    )


@cache
def _schema(*, with_variables: bool) -> Schema:
    return scenario_schema(with_variables=with_variables)
