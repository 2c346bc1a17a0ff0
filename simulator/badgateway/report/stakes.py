"""Money at stake over many cases: what customers and merchants lose, each order counted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from badgateway.report.amounts import amount
from badgateway.verdict.model import BROKEN, Finding, Verdict

CUSTOMER, MERCHANT = "the customer loses", "the merchant loses"


def stakes(verdicts: Iterable[Verdict]) -> Mapping[tuple[str, str | None], int]:
    """Add up what broken cases cost, by who loses it and in which currency; minor units.

    Every finding about an order states that order's whole loss, so of each order only the largest counts.
    """
    total: Counter[tuple[str, str | None]] = Counter()
    for verdict in verdicts:
        if verdict.state != BROKEN or verdict.cause is None:
            continue
        worst: dict[tuple[str | None, str, str | None], int] = {}
        for finding in (verdict.cause, *verdict.consequences):
            for who, minor in _losses(finding):
                place = (finding.order, who, finding.currency)
                worst[place] = max(worst.get(place, 0), minor)
        for (_, who, currency), minor in worst.items():
            total[who, currency] += minor
    return {place: minor for place, minor in sorted(total.items(), key=str) if minor}


def stakes_text(verdicts: Iterable[Verdict]) -> str:
    """Say in words what is at stake; empty where no money is."""
    return ", ".join(
        f"{who} {amount(minor, currency)}" for (who, currency), minor in stakes(verdicts).items()
    )


def _losses(finding: Finding) -> tuple[tuple[str, int], ...]:
    return (CUSTOMER, finding.customer_loss_minor), (MERCHANT, finding.merchant_loss_minor)
