"""By how much a hold was raised, of what was wished for: what the shopper's bank granted, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from badgateway.journal.entry import Entry
from badgateway.journal.money import Money


def granted(
    wishes: Sequence[Entry], ledger: Iterable[Entry], calls: frozenset[str], price_minor: int
) -> tuple[int, ...]:
    """Give the wishes that were granted, in minor units, in the order in which they were.

    A wish is granted to a call that asked for a larger hold, or by another payment that holds all of it.
    """
    waiting, given = list(wishes), list[int]()
    held: dict[str, Money] = {}
    for entry in ledger:
        payment = str(entry.data["payment"])
        held[payment] = held.get(payment, Money()).after(entry)
        if entry.data["kind"] != "auth":
            continue
        is_asked = entry.data["cause"] in calls
        more = entry.data["amount_minor"] if is_asked else held[payment].held - price_minor - sum(given)
        for wish in _covered([one for one in waiting if one.seq < entry.seq], int(more)):
            waiting.remove(wish)
            given.append(_minor(wish))
    return tuple(given)


def _covered(wishes: list[Entry], more_minor: int) -> list[Entry]:
    """Give the wish that is just so large, or else as many as fit in, the oldest first."""
    exact = [one for one in wishes if _minor(one) == more_minor]
    if exact:
        return exact[:1]
    found: list[Entry] = []
    for one in wishes:
        if sum(map(_minor, found)) + _minor(one) <= more_minor:
            found.append(one)
    return found


def _minor(wish: Entry) -> int:
    return int(wish.data["amount_minor"])
