"""Which address a request asks for, where addresses are a list of methods with patterns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Address(Protocol):
    """One address; {id} in its pattern stands for one segment."""

    @property
    def method(self) -> str:
        """The HTTP method, in capitals."""

    @property
    def pattern(self) -> str:
        """The path."""


Known = TypeVar("Known", bound=Address)


def find(addresses: Iterable[Known], method: str, path: str) -> tuple[Known | None, str]:
    """Give the address of a request and the id in its path; (None, "") where there is none."""
    for known in addresses:
        if known.method != method:
            continue
        if known.pattern == path:
            return known, ""
        head, mark, tail = known.pattern.partition("{id}")
        wanted = path[len(head) : len(path) - len(tail)] if mark else ""
        if wanted and "/" not in wanted and path == f"{head}{wanted}{tail}":
            return known, wanted
    return None, ""


def methods_of(addresses: Iterable[Address], path: str) -> tuple[str, ...]:
    """Give the methods that a path has; none: there is no such address."""
    every = tuple(addresses)
    known = dict.fromkeys(one.method for one in every)
    return tuple(method for method in known if find(every, method, path)[0] is not None)
