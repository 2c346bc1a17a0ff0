"""Where the money of one order stands, added up from ledger entries in ledger order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from badgateway.journal.entry import Entry


@dataclass(frozen=True, slots=True)
class Money:
    """The money of one order in its agreed currency, integer minor units, after some ledger entry."""

    captured: int = 0  # taken from the shopper, captures that failed later taken off again
    refunded: int = 0  # given back, refunds that failed later taken off again
    lost: int = 0  # taken by lost disputes
    disputed: int = 0  # frozen by open disputes
    held: int = 0  # authorized, neither captured nor released
    released: int = 0  # holds that were voided or lapsed

    @property
    def net(self) -> int:
        """Give what the shopper is out of pocket for."""
        return self.captured - self.refunded - self.lost

    def after(self, entry: Entry) -> Money:
        """Give the money after one more ledger entry."""
        amount = int(entry.data["amount_minor"])
        added = {
            name: getattr(self, name) + sign * amount for name, sign in _EFFECTS.get(entry.data["kind"], ())
        }
        # A provider that lets a capture exceed its hold leaves no negative hold behind.
        return replace(self, **added | {"held": max(0, added.get("held", self.held))})


_EFFECTS: dict[str, tuple[tuple[str, int], ...]] = {
    "auth": (("held", 1),),
    "capture": (("captured", 1), ("held", -1)),
    "void": (("released", 1), ("held", -1)),
    "expire": (("released", 1), ("held", -1)),
    "capture_fail": (("captured", -1),),
    "refund": (("refunded", 1),),
    "refund_fail": (("refunded", -1),),
    "dispute_open": (("disputed", 1),),
    "dispute_won": (("disputed", -1),),
    "dispute_lost": (("disputed", -1), ("lost", 1)),
}


def moments(entries: Iterable[Entry], currency: str) -> tuple[tuple[int, Money], ...]:
    """Give (position in the journal, money) after each ledger entry of one order; first (0, nothing)."""
    money = Money()
    out = [(0, money)]
    for entry in entries:
        if entry.data["currency"] == currency:
            money = money.after(entry)
        out.append((entry.seq, money))
    return tuple(out)
