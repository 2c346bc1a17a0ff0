"""An explicit, ordered list of named parts, which refuses a duplicate and knows the nearest name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Generic, Protocol, TypeVar

from badgateway.errors import InputError, UnknownWord


class Named(Protocol):
    """Anything with a name of its own."""

    @property
    def name(self) -> str:
        """The word by which YAML, journal and command line call it."""


Part = TypeVar("Part", bound=Named)


class Catalogue(Generic[Part]):
    """The parts of one kind, in the order in which they are listed."""

    def __init__(self, kind: str, parts: Iterable[Part]) -> None:
        self.kind = kind
        self._parts: dict[str, Part] = {}
        for part in parts:
            assert part.name not in self._parts, f"two {kind}s are called {part.name!r}"
            self._parts[part.name] = part
        self.by_name: Mapping[str, Part] = MappingProxyType(self._parts)  # to look into without an error

    def __getitem__(self, name: str) -> Part:
        if name not in self._parts:
            raise UnknownWord(self.kind, name, self._parts)
        return self._parts[name]

    def __contains__(self, name: object) -> bool:
        return name in self._parts

    def __iter__(self) -> Iterator[Part]:
        return iter(self._parts.values())

    def __len__(self) -> int:
        return len(self._parts)

    def add(self, part: Part) -> None:
        """Add a part that is no other's namesake; raises InputError."""
        if part.name in self._parts:
            raise InputError(f"there is a {self.kind} {part.name!r} already: choose another name")
        self._parts[part.name] = part

    def names(self) -> tuple[str, ...]:
        """Give the names in their order."""
        return tuple(self._parts)
