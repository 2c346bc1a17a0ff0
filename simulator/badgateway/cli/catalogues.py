"""What may be named on a command line and in a scenario, as plain rows."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from badgateway.errors import EnvironmentProblem

_NEEDED = ("sqlalchemy", "stripe", "waitress", "prometheus_client", "requests")


@dataclass(frozen=True, slots=True)
class Listed:
    """One part of a catalogue; `details` is plain JSON."""

    name: str
    summary: str
    text: str = ""  # all that its docstring says
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted defect and the invariant that must catch it."""

    name: str
    primary: str
    listed: Listed


def faults() -> list[Listed]:
    """Give the faults with the phases in which they may strike and their parameters."""
    return [
        _listed(
            fault.name,
            fault,
            phases=list(fault.phases),
            options=[
                {
                    "name": option.name,
                    "kind": option.kind,
                    "help": option.help,
                    "default": option.default,
                    "choices": list(option.choices),
                }
                for option in fault.options
            ],
            remedy=fault.remedy,
        )
        for fault in import_module("badgateway.faults").FAULTS
    ]


def invariants() -> list[Listed]:
    """Give the laws with their codes."""
    return [
        _listed(law.name, law, code=law.code, remedy=law.remedy)
        for law in import_module("badgateway.invariants").INVARIANTS
    ]


def providers() -> list[Listed]:
    """Give the dialects with their webhook retry ladders and the cards of a scenario."""
    return [
        _listed(
            dialect.name, dialect, cards=sorted(dialect.cards), retry_ladder_ms=list(dialect.retry_ladder_ms)
        )
        for dialect in import_module("badgateway.providers").DIALECTS
    ]


def defects() -> list[Planted]:
    """Give the bugs that can be planted in the embedded reference integration."""
    need_reference()
    laws = {law.details["code"]: law.name for law in invariants()}
    return [
        Planted(
            defect.id,
            laws[defect.breaks],
            _listed(defect.id, defect, code=defect.breaks, caught_by=laws[defect.breaks]),
        )
        for defect in import_module("badgateway.reference.defects").DEFECTS
    ]


def need_reference() -> None:
    """Raise EnvironmentProblem where the extra that the embedded reference integration needs is missing."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise EnvironmentProblem(
            f"the embedded reference integration needs the extra 'demo' ({', '.join(missing)} missing): "
            "pip install 'badgateway[demo]'"
        )


def _listed(name: str, part: object, **details: Any) -> Listed:
    text = inspect.getdoc(part if inspect.isclass(part) else type(part)) or ""
    return Listed(name, text.partition("\n")[0], text, details)


CATALOGUES: dict[str, Callable[[], list[Listed]]] = {
    "faults": faults,
    "invariants": invariants,
    "defects": lambda: [defect.listed for defect in defects()],
    "providers": providers,
}
