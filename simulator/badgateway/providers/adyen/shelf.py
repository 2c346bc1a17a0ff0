"""What an account keeps beside its book: instruments, modifications, sessions, events not told yet."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from badgateway.providers.adyen.instruments import Instrument
from badgateway.providers.base import Account, WireEvent

MODIFICATIONS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Modification:
    """One capture, cancel, refund or reversal that was received."""

    psp_reference: str
    reference: str | None  # the merchant's own for it
    event: str  # eventCode by which its outcome is told
    action: str | None = None  # what a reversal came to: cancel | refund


@dataclass(slots=True)
class Session:
    """One checkout session."""

    id: str
    asked: dict[str, Any]
    expires_at: str
    created_ms: int


@dataclass(slots=True)
class Shelf:
    """The objects of one account, oldest first."""

    instruments: dict[str, Instrument] = field(default_factory=dict)
    modifications: dict[str, Modification] = field(default_factory=dict)  # cause -> what it asked for
    sessions: dict[str, Session] = field(default_factory=dict)
    told_refunds: set[str] = field(default_factory=set)  # refunds that were told as done
    disputes: dict[str, str] = field(default_factory=dict)  # dispute id -> its pspReference
    news: list[WireEvent] = field(default_factory=list)  # not told yet
    home: str = "https://checkoutshopper-test.adyen.com"  # where the pages for shoppers are

    def keep(self, cause: str, modification: Modification) -> None:
        """Remember what a call asked for, so that its outcome carries its reference."""
        self.modifications[cause] = modification
        if len(self.modifications) > MODIFICATIONS_MAX:
            del self.modifications[next(iter(self.modifications))]


def shelf(account: Account) -> Shelf:
    """Give the account's shelf, which is made when it is first asked for."""
    found = account.shelf.get("adyen")
    if found is None:
        found = account.shelf["adyen"] = Shelf()
    assert isinstance(found, Shelf)
    return found


def new_reference(account: Account) -> str:
    """Make a pspReference: sixteen capital letters and digits."""
    made: str = account.ids.make("psp reference", 16)
    return made.upper()


def psp_reference(known: str) -> str:
    """Give the pspReference of an id; one that was made elsewhere is spelt as Adyen would."""
    if len(known) == 16 and known.isalnum() and known == known.upper():
        return known
    return hashlib.sha256(known.encode()).hexdigest()[:16].upper()


def merchant_account(api_key: str) -> str:
    """Give the name of the merchant account that an API key is for."""
    return f"Badgateway{hashlib.sha256(api_key.encode()).hexdigest()[:8].upper()}ECOM"
