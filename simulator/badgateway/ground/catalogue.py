"""An explicit, ordered list of named parts, which refuses a duplicate and knows the nearest name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, Protocol, TypeVar

from badgateway.errors import InputError, UnknownWord


class Named(Protocol):
    """Anything with a name of its own."""

    @property
    def name(self) -> str:
        """The word by which YAML, journal and command line call it."""


Part = TypeVar("Part", bound=Named)


class Catalogue(Generic[Part]):
    """The parts of one kind, in the order in which they are listed; those `later` follow the others."""

    def __init__(
        self, kind: str, parts: Iterable[Part] = (), later: Mapping[str, Callable[[], Part]] | None = None
    ) -> None:
        """Take parts, and of others the name and what loads one when it is first asked for."""
        self.kind = kind
        self._parts: dict[str, Part | None] = {}  # None: not loaded yet
        self._later = dict(later or {})
        for part in parts:
            assert part.name not in self._parts, f"two {kind}s are called {part.name!r}"
            self._parts[part.name] = part
        for name in self._later:
            assert name not in self._parts, f"two {kind}s are called {name!r}"
            self._parts[name] = None
        self.known = self._parts.keys()  # to look into without a call

    def __getitem__(self, name: str) -> Part:
        part = self._parts.get(name)
        if part is not None:
            return part
        if name not in self._later:
            raise UnknownWord(self.kind, name, self._parts)
        part = self._parts[name] = self._later[name]()
        assert part.name == name, f"{name!r} is called {part.name!r} by itself"
        return part

    def __contains__(self, name: object) -> bool:
        return name in self._parts

    def __iter__(self) -> Iterator[Part]:
        return (self[name] for name in self.names())

    def __len__(self) -> int:
        return len(self._parts)

    def add(self, part: Part) -> None:
        """Add a part that is no other's namesake; raises InputError."""
        if part.name in self._parts:
            raise InputError(f"there is a {self.kind} {part.name!r} already: choose another name")
        self._parts[part.name] = part

    def names(self) -> tuple[str, ...]:
        """Give the names in their order; nothing is loaded for it."""
        return tuple(self._parts)
