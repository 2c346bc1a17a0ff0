"""The plan as plain JSON data and back, without loss: what a journal stores and `replay` reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from badgateway.errors import InputError
from badgateway.plan.cart import Cart, CartLine
from badgateway.plan.model import (
    Expect,
    Order,
    Plan,
    PlannedDelivery,
    PlannedFault,
    PlannedLoad,
    Selector,
    Step,
)
from badgateway.providers.euler.behind import Rule

Record = TypeVar("Record")


def to_data(plan: Plan) -> dict[str, Any]:
    """Give the plan as dicts, lists, text, whole numbers, booleans and None only."""
    data = _plain(plan)
    assert isinstance(data, dict)
    return data


def from_data(data: Mapping[str, Any]) -> Plan:
    """Give the plan of its data; raises InputError where the data is none of a plan."""
    try:
        return _record(Plan, data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"the stored plan cannot be read: {error}") from None


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    assert value is None or isinstance(value, str | int), f"a plan holds no {type(value).__name__}"
    return value


def _record(kind: type[Record], data: Mapping[str, Any]) -> Record:
    """Make a record: its constructor refuses unknown keys, and gives missing ones their defaults."""
    if not isinstance(data, Mapping):
        raise TypeError(f"a {kind.__name__} is a mapping")
    makers = _MAKERS.get(kind, {})
    return kind(**{name: makers[name](part) if name in makers else part for name, part in data.items()})


def _one(kind: type[Any]) -> Callable[[Any], Any]:
    return lambda data: None if data is None else _record(kind, data)


def _many(kind: type[Any]) -> Callable[[Any], Any]:
    return lambda data: tuple(_record(kind, part) for part in data)


_MAKERS: dict[type, dict[str, Callable[[Any], Any]]] = {
    Plan: {
        "tags": tuple,
        "orders": _many(Order),
        "steps": _many(Step),
        "faults": _many(PlannedFault),
        "deliveries": _many(PlannedDelivery),
        "expect": _one(Expect),
        "load": _many(PlannedLoad),
        "merchants": tuple,
        "canary": tuple,
        "route": tuple,
        "behind": tuple,
        "rules": _many(Rule),
    },
    Order: {"cart": _one(Cart), "script": tuple},
    Cart: {"lines": _many(CartLine)},
    Step: {"members": _many(Step)},
    PlannedFault: {"at": _one(Selector)},
    PlannedDelivery: {"event": _one(Selector), "after": _one(Selector), "batch": _many(Selector)},
    PlannedLoad: {"on": tuple, "during": _one(Selector)},
    Expect: {"broken": tuple},
}
