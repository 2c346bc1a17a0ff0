"""What a world remembers of each order: which objects are its own, and how often things happened to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from badgateway.ground.attic import Attic
from badgateway.ground.chronicle import Chronicle

FEW = 8  # orders that are looked for one by one
_REFERENCE = re.compile(r"(?=(o[0-9a-z]{15}))")  # as `ground.ids` makes them, wherever one may begin


class _Dossier(Struct):
    """What is remembered of one order, or of what is about none."""

    ids: list[str] = []
    counts: dict[str, int] = {}


class Dossiers:
    """The orders of one world; those that nothing happened to for long are in the attic."""

    def __init__(self, attic: Attic) -> None:
        self._orders: Chronicle[_Dossier] = Chronicle(attic)
        self._of_none = _Dossier()  # what is about no order: all that a served provider counts
        self.owners: Chronicle[str] = Chronicle(attic)  # provider id -> order

    def owner(self, known: str | None) -> str | None:
        """Give the order that a provider's object belongs to, or None."""
        found: str | None = self.owners.get(known)
        return found

    def own(self, known: str, order: str) -> None:
        """Remember to which order a provider's object belongs."""
        if self.owners.get(known) == order:
            return
        self.owners[known] = order
        dossier = self._of(order)
        dossier.ids.append(known)
        self._orders[order] = dossier

    def owned(self, order: str | None) -> tuple[str, ...]:
        """Give the provider's ids of an order's objects, in the order of their appearance."""
        if order is None:
            return ()
        return tuple(known for known in self._of(order).ids if self.owners.get(known) == order)

    def count(self, order: str | None, what: str) -> int:
        """Count one more of something for an order, from 1."""
        (counted,) = self.count_each(order, what)
        return counted

    def count_each(self, order: str | None, *whats: str) -> list[int]:
        """Count one more of each of several things for an order."""
        dossier = self._of(order) if order else self._of_none
        counts = dossier.counts
        for what in whats:
            counts[what] = counts.get(what, 0) + 1
        if order:
            self._orders[order] = dossier
        return list(map(counts.__getitem__, whats))

    def counted(self, order: str | None, what: str) -> int:
        """Say how often something was counted for an order."""
        dossier = self._of(order) if order else self._of_none
        return dossier.counts.get(what, 0)

    def _of(self, order: str) -> _Dossier:
        found: _Dossier | None = self._orders.get(order)
        return found if found is not None else _Dossier()


def named_in(texts: Iterable[str], orders: Mapping[str, str]) -> str | None:
    """Give the first reference of an order that stands in the first text that has one, or None."""
    for text in texts:
        if len(orders) <= FEW:
            found = [reference for reference in orders if reference in text]
        else:
            found = [reference for reference in _REFERENCE.findall(text) if reference in orders]
        if found:
            return found[0]
    return None
