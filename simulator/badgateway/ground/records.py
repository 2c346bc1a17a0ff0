"""Records that are made for every request: frozen as any other, and made in half the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from dataclasses import replace as changed  # so that names and types of fields are checked

__all__ = ["changed", "quickly_made"]

Record = TypeVar("Record")


def quickly_made(kind: type[Record]) -> type[Record]:
    """Give a frozen dataclass with slots an `__init__` of the same parameters that fills the slots itself.

    The one that `dataclass` writes looks each slot up by its name, through `object.__setattr__`, because the
    class refuses assignments. Nothing else about the class is different.
    """
    assert not hasattr(kind, "__post_init__"), "nothing is done after the slots are filled"
    asked, filled = ["self"], []
    known: dict[str, Any] = {"_absent": object()}
    for field in fields(kind):  # type: ignore[arg-type] # a class that was decorated as a dataclass before
        name = field.name
        assert field.init, "every field is a parameter"
        assert not field.kw_only, "every parameter may be given at its place"
        known[f"_fill_{name}"] = getattr(kind, name).__set__
        given = name
        if field.default_factory is not MISSING:
            known[f"_make_{name}"] = field.default_factory
            asked.append(f"{name}=_absent")
            given = f"_make_{name}() if {name} is _absent else {name}"
        elif field.default is not MISSING:
            known[f"_default_{name}"] = field.default
            asked.append(f"{name}=_default_{name}")
        else:
            asked.append(name)
        filled.append(f"    _fill_{name}(self, {given})\n")
    exec(f"def __init__({', '.join(asked)}):\n{''.join(filled)}", known)  # noqa: S102 - as dataclass does it
    made = known["__init__"]
    made.__qualname__ = f"{kind.__qualname__}.__init__"
    made.__annotations__ = kind.__init__.__annotations__
    kind.__init__ = made  # type: ignore[method-assign] # it takes the same parameters
    return kind


@cache
def _places(kind: type) -> tuple[Callable[[Any], tuple[Any, ...]], dict[str, int]]:
    names = [one.name for one in fields(kind)]
    assert len(names) > 1, "a record of one field is simply made again"
    return attrgetter(*names), {name: place for place, name in enumerate(names)}


if not TYPE_CHECKING:

    def changed(record: Record, **new: Any) -> Record:
        """Give a record with other values in some fields, as `dataclasses.replace` does, but sooner."""
        values_of, places = _places(type(record))
        values = list(values_of(record))
        for name, value in new.items():
            values[places[name]] = value
        return type(record)(*values)
