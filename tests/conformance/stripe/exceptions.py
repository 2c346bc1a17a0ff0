"""What is known to differ from the vendor's documents: `exceptions.csv`, one line each with its reason."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.stripe.holding import Deviation

FILE = Path(__file__).with_name("exceptions.csv")


@dataclass(frozen=True, slots=True)
class Known:
    """One exception; `versions` is `before 2022-11-15` or `from 2025-03-31`, or empty for all of them."""

    kind: str
    name: str
    versions: str
    reason: str

    def covers(self, seen: Deviation) -> bool:
        """Say whether a deviation is this one."""
        word, _, day = self.versions.partition(" ")
        in_time = {"before": seen.version[:10] < day, "from": seen.version[:10] >= day, "": True}[word]
        return in_time and (seen.kind, seen.name) == (self.kind, self.name)


def exceptions() -> list[Known]:
    """Read the file."""
    with FILE.open(newline="", encoding="utf-8") as lines:
        return [Known(**row) for row in csv.DictReader(lines)]


def not_excepted(found: Iterable[Deviation], known: Iterable[Known]) -> list[str]:
    """Give a line for each deviation that no exception covers."""
    every = list(known)
    return [
        f"{one.kind},{one.name}: {one.where}, version {one.version} {one.detail}".rstrip()
        for one in sorted(found, key=lambda one: (one.kind, one.name, one.version))
        if not any(each.covers(one) for each in every)
    ]


def not_needed(found: Iterable[Deviation], known: Iterable[Known]) -> list[str]:
    """Give the exceptions that cover nothing any more."""
    every = list(found)
    return [f"{each.kind},{each.name}" for each in known if not any(each.covers(one) for one in every)]
