"""What may be named on a command line and in a scenario, as plain rows."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from badgateway.errors import EnvironmentProblem
from badgateway.scenario import language, words

STORIES_MAX = 3
_PHASES = {
    "connect": "the call never reaches the provider",
    "before_commit": "the provider has read the call and done nothing",
    "after_commit": "the provider has done it, and the answer suffers",
}
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
    group: str  # folder of the catalogue
    listed: Listed


def faults() -> list[Listed]:
    """Give the faults: where they may strike, their parameters, and stories in which they do."""
    stories = _stories(lambda case: [fault.do for fault in case.faults])
    return [
        _listed(
            fault.name,
            fault,
            written=_example(fault),
            phases=[{"name": phase, "help": _PHASES[phase]} for phase in fault.phases],
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
            words=_meanings("mutate") if fault.name == "mutate" else [],
            remedy=fault.remedy,
            stories=stories.get(fault.name, []),
        )
        for fault in import_module("badgateway.faults").FAULTS
    ]


def steps() -> list[Listed]:
    """Give the steps of a story: who takes them, how they are written, and their fields."""
    stories = _stories(lambda case: [step.do for step in (*case.steps, *case.each_step())])
    listed = [
        Listed(
            kind.name,
            f"The {kind.who}: {kind.help}.",
            details={
                "who": kind.who,
                "written": f"- {words.short_form(kind)}",
                "fields": [_field(field) for field in kind.fields],
                "may race": "inside together: [step, step]" if kind.can_race else "",
                "stories": stories.get(kind.name, []),
            },
        )
        for kind in language.STEPS
        if kind.is_played
    ]
    return [*listed, _race(stories.get("together", []))]


def _race(stories: list[str]) -> Listed:
    text = (
        "All of them are sent but for their last byte, and these bytes leave together; those that ask the\n"
        "provider also meet at its gate, at every call that all of them make. The journal says how it was."
    )
    details = {
        "written": "- together: [pay: o1, pay: o1]",
        "fields": [
            {"name": "steps", "kind": f"two or more of {', '.join(language.RACING)}", "help": "what races"},
            {
                "name": "repeat",
                "kind": f"1 to {language.BURSTS_MAX}",
                "help": "so many bursts; left out: one",
            },
        ],
        "stories": stories,
    }
    return Listed("together", "A deliberate race between two or more steps.", text, details)


def deliveries() -> list[Listed]:
    """Give the words that say how a webhook arrives."""
    stories = _stories(
        lambda case: [name for one in case.document.value.get("deliveries", ()) for name in one]
    )
    return [_delivery(field, stories.get(field.name, [])) for field in language.DELIVERY if field.is_played]


def _delivery(field: Any, stories: list[str]) -> Listed:
    told = import_module("badgateway.scenario.arriving").ARRIVING[field.name]
    return Listed(
        field.name,
        _sentence(field.help),
        f"In the field: {told.in_the_field}\nShould hold: {told.should_hold}",
        {
            "written": told.written,
            "value": words.value(field).replace("`", ""),
            "words": _meanings(field.name),
            "remedy": told.remedy,
            "stories": stories if field.name != "event" else [],
        },
    )


def _meanings(name: str) -> list[dict[str, str]]:
    """Give what the words behind `signature` and `mutate` mean."""
    arriving = import_module("badgateway.scenario.arriving")
    meant = {"signature": arriving.SIGNED, "mutate": arriving.MUTATED}.get(name, {})
    return [{"name": word, "help": meaning} for word, meaning in meant.items()]


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
            _group(defect),
            _listed(
                defect.id,
                defect,
                code=defect.breaks,
                caught_by=laws[defect.breaks],
                see_it=f"badgateway demo --defect {defect.id}",
            ),
        )
        for defect in import_module("badgateway.reference.defects").DEFECTS
    ]


def _group(defect: object) -> str:
    kind = defect if inspect.isclass(defect) else type(defect)
    return kind.__module__.split(".")[-2]


def need_reference() -> None:
    """Raise EnvironmentProblem where the extra that the embedded reference integration needs is missing."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise EnvironmentProblem(
            f"the embedded reference integration needs the extra 'demo' ({', '.join(missing)} missing): "
            "pip install 'badgateway[demo]'"
        )


def _stories(words_of: Callable[[Any], Iterable[str]]) -> dict[str, list[str]]:
    """Give a few bundled scenarios in whose cases each word stands."""
    found: dict[str, list[str]] = {}
    for scenario in _pack():
        name = f"scenarios/{scenario.path.rpartition('scenarios/')[2]}"
        for word in dict.fromkeys(word for case in scenario.cases for word in words_of(case)):
            found.setdefault(word, []).append(name)
    return {word: names[:STORIES_MAX] for word, names in found.items()}


@cache
def _pack() -> tuple[Any, ...]:
    """Load the bundled scenarios, once for all kinds of words."""
    load, artifacts = import_module("badgateway.scenario.load"), import_module("badgateway.ground.artifacts")
    stories: tuple[Any, ...] = load.load_scenarios([artifacts.artifact_dir("scenarios").as_posix()])
    return stories


def _example(fault: Any) -> str:
    if fault.name == "decide":
        return '- {at: "charge[1]", decide: declined}'
    # What shapes no wire has a short form, and what sees only some calls stands at one of them.
    if fault.name == "lag":
        return '- {at: "fetch[*]", lag: 1}'
    if fault.name == "skew":
        return '- {at: "*", skew: +6m}'
    return f'- {{at: "charge[1]", phase: {fault.phase}, do: {fault.name}}}'


def _field(field: Any) -> dict[str, Any]:
    return {"name": field.name, "kind": words.value(field).replace("`", ""), "help": field.help}


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _listed(name: str, part: object, **details: Any) -> Listed:
    # A provider that is declared in a file says there what it is.
    told = getattr(part, "about", None)
    text = told or inspect.getdoc(part if inspect.isclass(part) else type(part)) or ""
    return Listed(name, text.partition("\n")[0], text, details)


CATALOGUES: dict[str, Callable[[], list[Listed]]] = {
    "steps": steps,
    "faults": faults,
    "deliveries": deliveries,
    "invariants": invariants,
    "defects": lambda: [defect.listed for defect in defects()],
    "providers": providers,
}

# How the parts of each kind are called, without all that is told of them; no defect has a name of these.
NAMES: dict[str, Callable[[], Iterable[str]]] = {
    "steps": lambda: [*(kind.name for kind in language.STEPS if kind.is_played), "together"],
    "faults": lambda: list(import_module("badgateway.faults").FAULTS.names()),
    "deliveries": lambda: [field.name for field in language.DELIVERY if field.is_played],
    "invariants": lambda: [
        name for law in import_module("badgateway.invariants").INVARIANTS for name in (law.name, law.code)
    ],
    "providers": lambda: list(import_module("badgateway.providers").DIALECTS.names()),
}
