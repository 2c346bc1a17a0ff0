"""How amounts of money are written in reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from badgateway.ground.money import to_text
from badgateway.journal.entry import Entry
from badgateway.report.clean import one_line
from badgateway.verdict.model import Finding


def amount(minor: object, currency: object) -> str:
    """Write integer minor units in the currency's own unit, for example 49.99 EUR; never fails."""
    if not isinstance(minor, int):
        return "?"
    try:
        return to_text(minor, str(currency))
    except ValueError:
        # An integration may ask for a currency that does not exist: a finding, not a failure of ours.
        return f"{minor} minor units of {one_line(currency, 20)}" if currency else f"{minor} minor units"


def currencies(entries: Iterable[Entry]) -> Mapping[str | None, str]:
    """Give the agreed currency of each order of a journal."""
    return {entry.order: str(entry.data.get("currency")) for entry in entries if entry.kind == "run.order"}


def at_stake(finding: Finding) -> str:
    """Say who loses how much by a finding; empty where no money is lost."""
    parts = []
    if finding.customer_loss_minor:
        parts.append(f"the customer loses {amount(finding.customer_loss_minor, finding.currency)}")
    if finding.merchant_loss_minor:
        parts.append(f"the merchant loses {amount(finding.merchant_loss_minor, finding.currency)}")
    return ", ".join(parts)
