"""The reference of the scenario language as Markdown tables, made of the declared fields."""

from __future__ import annotations

from collections.abc import Iterable

from badgateway.ground.mutation import KINDS as MUTATIONS
from badgateway.scenario import language
from badgateway.scenario.language import Field, StepKind

# What a reader should write where a field is of this kind; a choice lists its words instead.
_KINDS = {
    "text": "text",
    "words": "list of words",
    "order": "name of an order",
    "amount": "such as 49.99",
    "currency": "ISO 4217 code",
    "duration": "such as 250ms, 30s, 3d",
    "flag": "true or false",
    "integer": "whole number",
    "selector": "such as charge[1]",
    "event": "such as payment.succeeded[1]",
    "events": "list of events",
    "statuses": "order: STATUS",
    "amounts": "order: amount",
    "rules": "list of rules",
    "mutation": f"{{kind, field, drift}}, or the kind alone: {', '.join(MUTATIONS)}",
    "providers": "list of names, or any",
}


def language_reference() -> str:
    """Give the tables that stand in scenario/README.md."""
    parts = [
        _table("The file", language.STORY),
        _table("world", language.WORLD),
        _table("world: rules", language.RULE),
        _steps(),
        _table("faults", language.FAULT),
        _table("deliveries", language.DELIVERY),
        _table("load", language.LOAD),
        _table("expect", language.EXPECT),
        f"Events: {_listed(language.EVENTS)}.\n\nStatuses: {_listed(language.STATUSES)}.",
    ]
    return "\n\n".join(parts) + "\n"


def _table(title: str, fields: Iterable[Field]) -> str:
    rows = [f"| `{field.name}` | {value(field)} | {_help(field)} |" for field in fields]
    return "\n".join([f"### {title}", "", "| field | value | meaning |", "|---|---|---|", *rows])


def _steps() -> str:
    rows = [
        f"| `{short_form(kind)}` | {kind.who} | {_help(kind)} | {_fields(kind)} |" for kind in language.STEPS
    ]
    races = _listed(kind.name for kind in language.STEPS if kind.can_race)
    bursts = "as a mapping: `steps`, and `repeat` for so many bursts"
    return "\n".join(
        [
            "### steps",
            "",
            "| short form | who | meaning | further fields |",
            "|---|---|---|---|",
            *rows,
            f"| `together: [step, step]` | | a deliberate race between two or more of {races} | {bursts} |",
        ]
    )


def short_form(kind: StepKind) -> str:
    """Give how a step is written at its shortest."""
    must = [field for field in kind.fields if field.is_required and field.name != kind.short]
    if must:
        given = ", ".join(f"{field.name}: {_example(field)}" for field in must)
        given = f"order: o1, {given}" if kind.short == "order" else given
        return f"{kind.name}: {{{given}}}"
    example = {"order": ": o1", "by": ": 3d", "version": ": next"}.get(kind.short or "", "")
    return f"{kind.name}{example}"


def _example(field: Field) -> str:
    return field.choices[0] if field.choices else "5.00"


def _fields(kind: StepKind) -> str:
    return "; ".join(f"`{field.name}`: {value(field)}" for field in kind.fields if field.name != kind.short)


def value(field: Field) -> str:
    """Say what stands where a field is: its words, or an example of its kind."""
    if field.kind in {"choice", "script"}:
        words = ", ".join(f"`{word}`" for word in field.choices)
        return words if field.kind == "choice" else f"list of {words}"
    return _KINDS.get(field.kind, "see below")


def _help(part: Field | StepKind) -> str:
    must = "; required" if isinstance(part, Field) and part.is_required else ""
    return part.help + must + ("" if part.is_played else "; known, not played yet")


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)
