"""What badgateway.yaml says about contracts: its documents, its pacts, and the states that pacts ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

_TEXT: Mapping[str, Any] = {"type": "string", "minLength": 1}
_SCALAR: Mapping[str, Any] = {"type": ["string", "number"], "x-expected": "text or a number"}
_STEPS: Mapping[str, Any] = {
    "type": "array",
    "maxItems": 50,
    "description": "The steps of a story, as in a scenario; $name is a parameter of the state.",
}
STATES_SHAPE: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": {
        "anyOf": [
            _STEPS,
            {
                "type": "object",
                "properties": {
                    "steps": _STEPS,
                    "world": {"type": "object", "description": "The world of that story."},
                    "expect": {
                        "type": "object",
                        "description": "How its orders must stand then: {order: {o1: PAID}}.",
                    },
                    "defaults": {
                        "type": "object",
                        "additionalProperties": _SCALAR,
                        "description": "Parameters that a pact may leave out.",
                    },
                },
                "required": ["steps"],
                "additionalProperties": False,
            },
        ],
        "x-expected": "a list of steps, or steps with world, expect and defaults",
    },
}
CONTRACTS_SHAPE: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "document": {
            **_TEXT,
            "description": "OpenAPI document of its merchant API, from this file's folder.",
        },
        "pacts": {
            "type": "array",
            "items": _TEXT,
            "description": "Pacts of its consumers: files, or folders of them, from this file's folder.",
        },
        "headers": {
            "type": "object",
            "additionalProperties": _SCALAR,
            "description": "Headers that generated requests carry, such as a key of the API.",
        },
    },
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class State:
    """One provider state as a story: its parts are what a scenario's are, with $name for parameters."""

    steps: tuple[Any, ...]
    world: Mapping[str, Any] = field(default_factory=dict)
    expect: Mapping[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contracts:
    """Which contracts an integration keeps towards its merchants; paths as they stand in the file."""

    document: str | None = None
    pacts: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


NO_CONTRACTS = Contracts()


def read_states(given: Mapping[str, Any]) -> dict[str, State]:
    """Read `states:` of a document of the right shape."""
    return {text: _state(_plain(value)) for text, value in given.items()}


def read_contracts(given: Mapping[str, Any]) -> Contracts:
    """Read `contracts:` of a document of the right shape."""
    headers = {name: str(value) for name, value in given.get("headers", {}).items()}
    return Contracts(given.get("document"), tuple(given.get("pacts", ())), headers)


def _state(value: Any) -> State:
    return (
        State(tuple(value)) if isinstance(value, list) else State(**{**value, "steps": tuple(value["steps"])})
    )


def _plain(value: Any) -> Any:
    """Give a YAML value as JSON; an amount keeps the digits that its writer wrote."""
    match value:
        case Decimal():
            return str(value)
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
    return value
