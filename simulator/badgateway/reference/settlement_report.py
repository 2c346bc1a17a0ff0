"""The settlement report: each payout in its terms, held against our own books, with what does not add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection

from badgateway.reference.records import Attempt, attempts_where, find_attempt
from badgateway.reference.service import Service
from badgateway.reference.settled import PayoutSeen, SettledLine
from badgateway.reference.settlement import lines_of, newest_payouts
from badgateway.reference.settling import TERMS
from badgateway.reference.tables import attempts

SUSPECTS_MAX, PAYOUTS_MAX = 5, 100
# In the equation `paid = captured - refunded - lost + won - fees + adjusted` these are taken off.
_TAKEN = ("refunded", "lost")


@dataclass(frozen=True, slots=True)
class Exceptional:
    """Something that does not add up; the amount is what it adds to the payout beyond what is listed."""

    reason: str  # repeated | misstated | unexplained
    amount_minor: int
    source: str | None = None
    suspects: tuple[str, ...] = ()  # our captured payments that no payout lists


def report(service: Service) -> dict[str, Any]:
    """Give the newest payouts with their terms and exceptions, in the order of their import."""
    with service.store.read() as tx:
        rows = [(payout, lines_of(tx, payout.provider_id)) for payout in newest_payouts(tx, PAYOUTS_MAX)]
        settled = {line.payment_id for _, lines in rows for line in lines if line.payment_id}
        return {"payouts": [_row(tx, service, payout, lines, settled) for payout, lines in rows]}


def _row(
    tx: Connection, service: Service, payout: PayoutSeen, lines: list[SettledLine], settled: set[str]
) -> dict[str, Any]:
    policy = service.policies.settling
    booked = [line for line in lines if policy.counts(line) and line.currency == payout.currency]
    left = payout.amount_minor - sum(line.net_minor for line in booked)
    exceptions: list[Exceptional] = []
    if left:
        repeated = _repeated(booked)
        booked = [line for line in booked if line not in repeated]
        exceptions += [Exceptional("repeated", -line.net_minor, line.source_id) for line in repeated]
        left += sum(line.net_minor for line in repeated)
    if left:
        found = _misstated(tx, booked)
        exceptions += found
        left -= sum(one.amount_minor for one in found)
    if left:
        exceptions.append(Exceptional("unexplained", left, suspects=_missing(tx, payout, settled)))
    terms: Counter[str] = Counter()
    for line in booked:
        terms[policy.term(line)] += line.gross_minor
    shown = {f"{term}_minor": -terms[term] if term in _TAKEN else terms[term] for term in TERMS}
    return {
        "id": payout.provider_id,
        "currency": payout.currency,
        "paid_minor": payout.amount_minor,
        **shown,
        "fees_minor": sum(policy.fee_minor(line) for line in booked),
        "exceptions": [asdict(one) for one in exceptions],
    }


def _repeated(lines: list[SettledLine]) -> list[SettledLine]:
    """Give the lines that tell the same movement again, under another id."""
    seen: set[tuple[object, ...]] = set()
    again = []
    for line in lines:
        what = (line.kind, line.source_id, line.gross_minor, line.fee_minor)
        if line.source_id is not None and what in seen:
            again.append(line)
        seen.add(what)
    return again


def _misstated(tx: Connection, lines: list[SettledLine]) -> list[Exceptional]:
    """Hold what was captured against what is listed, where both are in one currency."""
    found = []
    for line in lines:
        attempt = find_attempt(tx, line.payment_id) or _sent_on(tx, line.payment_id)
        if line.category != "charge" or attempt is None or attempt.currency != line.currency:
            continue
        if attempt.captured_minor != line.gross_minor:
            what = attempt.captured_minor - line.gross_minor
            found.append(Exceptional("misstated", what, line.source_id))
    return found


def _sent_on(tx: Connection, payment_id: str | None) -> Attempt | None:
    """Find the attempt that an orchestrator has sent on, by the gateway's id of it."""
    found = attempts_where(tx, attempts.c.gateway_id == payment_id) if payment_id else []
    return found[0] if found else None


def _missing(tx: Connection, payout: PayoutSeen, settled: set[str]) -> tuple[str, ...]:
    """Give the newest of our captured payments that no payout lists though they came before this one."""
    taken = attempts_where(tx, attempts.c.captured_minor > 0, attempts.c.currency == payout.currency)
    found = [
        attempt.provider_id
        for attempt in taken
        if attempt.provider_id
        and attempt.provider_id not in settled
        and attempt.created_ms // 1000 <= payout.created_s
    ]
    return tuple(found[-SUSPECTS_MAX:])
