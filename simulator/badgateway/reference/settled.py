"""What the provider's settlement says, read into our own records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from badgateway.reference.stripe_amounts import from_wire


@dataclass(frozen=True, slots=True)
class PayoutSeen:
    """One payout as it was read."""

    provider_id: str
    amount_minor: int
    currency: str
    created_s: int
    status: str


@dataclass(frozen=True, slots=True)
class SettledLine:
    """One balance transaction as it was read. Amounts are signed minor units of the settlement's currency."""

    provider_id: str
    payout_id: str
    kind: str
    category: str
    source_id: str | None
    payment_id: str | None
    gross_minor: int
    fee_minor: int
    net_minor: int
    currency: str


def read_payout(raw: Mapping[str, Any]) -> PayoutSeen:
    """Read a payout."""
    currency = str(raw["currency"]).upper()
    return PayoutSeen(
        provider_id=str(raw["id"]),
        amount_minor=from_wire(int(raw["amount"]), currency),
        currency=currency,
        created_s=int(raw["created"]),
        status=str(raw.get("status")),
    )


def read_line(raw: Mapping[str, Any], payout_id: str) -> SettledLine:
    """Read a balance transaction, its source expanded or not."""
    currency = str(raw["currency"]).upper()
    source = raw.get("source")
    inside = source if isinstance(source, Mapping) else {}
    payment = inside.get("payment_intent")
    gross = int(raw["amount"])
    # A fee that is not stated is what is missing to the net; where neither is, nothing was kept.
    stated = raw.get("fee")
    fee = int(stated) if stated is not None else gross - int(raw.get("net", gross))
    return SettledLine(
        provider_id=str(raw["id"]),
        payout_id=payout_id,
        kind=str(raw.get("type")),
        category=str(raw.get("reporting_category")),
        source_id=str(inside["id"]) if "id" in inside else source if isinstance(source, str) else None,
        payment_id=payment if isinstance(payment, str) else None,
        gross_minor=from_wire(gross, currency),
        fee_minor=from_wire(fee, currency),
        net_minor=from_wire(int(raw.get("net", gross - fee)), currency),
        currency=currency,
    )
