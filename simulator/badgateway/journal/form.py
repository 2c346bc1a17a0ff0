"""Forms: which fields one place of the code writes, so that a request notes their values alone."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from badgateway.journal.shape import misfits, unsettled, whole


class Form:
    """A kind of entry with the fields that one place gives of it, in the order in which it gives them."""

    __slots__ = ("kind", "loose", "names")

    def __init__(self, kind: str, *names: str) -> None:
        self.kind, self.names = kind, names
        self.loose = _Loose(kind, names)

    def data(self, values: tuple[Any, ...]) -> dict[str, Any]:
        """Give values of this form by their names."""
        return dict(zip(self.names, values, strict=True))

    def complaint(self, values: tuple[Any, ...]) -> str:
        """Say why an entry of these values is not well formed."""
        return "; ".join(misfits(self.kind, whole(self.kind, self.data(values))))


class _Loose(dict[tuple[type, ...], tuple[int, ...] | None]):
    """Types of a form's values -> places of those that may change or be no plain JSON; None: it is malformed.

    Whether an entry is well formed goes by names and types alone, and most are like one before.
    """

    def __init__(self, kind: str, names: tuple[str, ...]) -> None:
        self._kind, self._names = kind, names

    def __missing__(self, types: tuple[type, ...]) -> tuple[int, ...] | None:
        loose = unsettled(self._kind, self._names, types)
        if loose is None:
            return None
        self[types] = found = tuple([self._names.index(name) for name in loose])
        return found


@lru_cache(maxsize=4096)  # some hundred, as each entry is written at one place or two
def form_of(kind: str, names: tuple[str, ...]) -> Form:
    """Give the form of an entry that is written with its fields by name."""
    return Form(kind, *names)
