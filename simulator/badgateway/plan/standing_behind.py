"""The gateways behind a story's provider, and the table of rules by which it chooses among them, resolved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any

from badgateway.errors import InputError, nearest
from badgateway.ground.duration import to_ms
from badgateway.ground.money import to_minor
from badgateway.ground.shape import check_shape
from badgateway.ground.yaml12 import Path, read_yaml
from badgateway.providers import DIALECTS
from badgateway.providers.base import StandsBefore
from badgateway.providers.euler.behind import GATEWAYS, Rule
from badgateway.scenario.model import Case
from badgateway.scenario.schema import rules_schema

Tell = Callable[[Path, str], None]
CURRENCY = "EUR"  # of a file of rules, where a rule names none
_CONDITIONS = ("method", "currency", "from", "to")
# What says what a rule does, and what must stand beside it.
_KINDS = {"prefer": (), "next": (), "failures": ("rest",), "success": ("of",)}


def check_behind(case: Case, provider: str, tell: Tell) -> tuple[str, ...]:
    """Give the gateways of a story, and tell what cannot be."""
    behind, path = case.world.behind, ("world", "behind")
    if case.world.rules and not behind:
        tell(("world", "rules"), "rules choose among the gateways of `behind`, and there are none")
    if not behind:
        return ()
    if not isinstance(DIALECTS[provider], StandsBefore):
        able = ", ".join(one.name for one in DIALECTS if isinstance(one, StandsBefore))
        tell(path, f"{provider} sends payments on to nobody; name one that does under `providers`: {able}")
    for index, name in enumerate(behind):
        if name not in GATEWAYS:
            tell((*path, index), f"no gateway {name!r}{nearest(name, GATEWAYS)}")
    if case.world.route:
        tell(path, "a story has either a route of its integration's or gateways behind its provider")
    return tuple(name for name in behind if name in GATEWAYS)


def read_rules(case: Case, currency: str, tell: Tell) -> tuple[Rule, ...]:
    """Give the rules of a story as data, and tell what is wrong with one."""
    return resolved(
        case.world.rules, case.world.behind, currency, lambda at, what: tell(("world", *at), what)
    )


def read_rules_file(path: FilePath, behind: Sequence[str]) -> tuple[Rule, ...]:
    """Give the rules of a file, `rules: [...]` as in a story; raises InputError with all its problems.

    Amounts in it are those of the currency that stands beside them, else euros.
    """
    try:
        document = read_yaml(path.read_text(encoding="utf-8-sig"), path.as_posix())
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    problems = check_shape(document, rules_schema())
    if problems:
        raise InputError(problems)
    rules = resolved(
        document.value["rules"],
        tuple(behind),
        CURRENCY,
        lambda at, what: problems.append(document.problem(at, what)),
    )
    if problems:
        raise InputError(problems)
    return rules


def resolved(
    given: Sequence[Mapping[str, Any]], behind: tuple[str, ...], currency: str, tell: Tell
) -> tuple[Rule, ...]:
    """Give rules as data, and tell what is wrong with one at its place, ("rules", index)."""
    rules = []
    for index, raw in enumerate(given):
        path = ("rules", index)
        wrong = list(_problems(raw, behind, currency))
        for what in wrong:
            tell(path, what)
        if not wrong:
            rules.append(_rule(raw, currency))
    return tuple(rules)


def _problems(raw: Mapping[str, Any], behind: tuple[str, ...], currency: str) -> Iterator[str]:
    kinds = [name for name in _KINDS if name in raw]
    if len(kinds) != 1:
        yield f"a rule says one of: {', '.join(_KINDS)}"
        return
    beside = _CONDITIONS if kinds[0] == "prefer" else _KINDS[kinds[0]]
    for name in raw:
        if name not in {kinds[0], *beside}:
            yield f"{name!r} says nothing beside {kinds[0]!r}"
    for name in _KINDS[kinds[0]]:
        if name not in raw:
            yield f"{kinds[0]!r} needs {name!r} beside it"
    if kinds[0] == "prefer" and raw["prefer"] not in behind:
        yield f"{raw['prefer']!r} is no gateway of this story{nearest(str(raw['prefer']), behind)}"
    for name in ("from", "to"):
        try:
            _minor(raw, name, currency)
        except ValueError as error:
            yield f"{name}: {error}"


def _rule(raw: Mapping[str, Any], currency: str) -> Rule:
    return Rule(
        prefer=raw.get("prefer"),
        method=raw.get("method"),
        currency=raw.get("currency"),
        at_least_minor=_minor(raw, "from", currency),
        at_most_minor=_minor(raw, "to", currency),
        following=raw.get("next"),
        failures=raw.get("failures"),
        rest_ms=to_ms(raw["rest"]) if "rest" in raw else 0,
        success_percent=raw.get("success"),
        of=raw.get("of") or 0,
    )


def _minor(raw: Mapping[str, Any], name: str, currency: str) -> int | None:
    value: Decimal | int | str | None = raw.get(name)
    return to_minor(value, str(raw.get("currency") or currency)) if value is not None else None
