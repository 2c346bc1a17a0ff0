"""Looking at the provider: what an event, an attempt or a refund is really about, read now."""

from __future__ import annotations

from sqlalchemy import Connection

from badgateway.reference.freshness import Known
from badgateway.reference.notice import Notice
from badgateway.reference.records import (
    Attempt,
    disputes_where,
    find_attempt,
    find_order,
    get_order,
    refunds_where,
)
from badgateway.reference.seen import DisputeSeen, Observation, PaymentSeen, RefundSeen
from badgateway.reference.service import Service
from badgateway.reference.states import REFUND_SHOWN
from badgateway.reference.tables import disputes, refunds

CLOCKS_DIFFER_S = 900  # the provider's may be off against ours, and so may the times that it writes


def known_of(service: Service, payment_id: str | None, reference: str | None = None) -> Known:
    """Read what the books hold of a payment; `reference` is that of the order that it may belong to."""
    with service.store.read() as tx:
        attempt = find_attempt(tx, payment_id)
        if attempt is None:
            is_ours = reference is not None and find_order(tx, reference) is not None
            return Known(None, 0, has_dispute=False, is_ours=is_ours)
        shown = refunds_where(tx, refunds.c.attempt_id == attempt.id, refunds.c.state.in_(REFUND_SHOWN))
        failed = refunds_where(
            tx, refunds.c.attempt_id == attempt.id, refunds.c.state.in_(("FAILED", "CANCELLED"))
        )
        told = disputes_where(tx, disputes.c.attempt_id == attempt.id)
    refunded, returned = (sum(refund.amount_minor for refund in given) for given in (shown, failed))
    return Known(attempt.version, refunded, has_dispute=bool(told), returned_minor=returned)


def version_of(tx: Connection, payment_id: str | None) -> int | None:
    """Give the version of what the books hold of a payment, inside a transaction."""
    attempt = find_attempt(tx, payment_id)
    return attempt.version if attempt else None


def look_at_payment(service: Service, payment_id: str) -> Observation:
    """Read a payment, and its refunds and disputes where they differ from the books; raises CallFailed."""
    known = known_of(service, payment_id)
    seen = service.provider.payment(payment_id)
    found: tuple[RefundSeen, ...] = ()
    told: tuple[DisputeSeen, ...] = ()
    if seen.refunded_minor != known.refunded_minor and seen.captured_minor:
        found = tuple(service.provider.refunds_of(payment_id))
    if seen.is_disputed and not known.has_dispute:
        told = tuple(service.provider.disputes_of(payment_id))
    return Observation(seen, found, told)


def look_at_event(service: Service, notice: Notice) -> Observation:
    """Read what an event is about; raises CallFailed."""
    payment_id = notice.payment_id
    refund = service.provider.refund(notice.object_id) if notice.kind == "refund" else None
    dispute = service.provider.dispute(notice.object_id) if notice.kind == "dispute" else None
    if notice.kind == "charge" and payment_id is None:
        payment_id = service.provider.payment_of_charge(notice.object_id)
    part = refund or dispute
    payment_id = (part.payment_id if part else None) or payment_id
    payment: PaymentSeen | None = None
    if payment_id and (part is None or known_of(service, payment_id).version is None):
        seen = look_at_payment(service, payment_id)
        if part is None:
            return seen
        payment = seen.payment
    return Observation(payment, (refund,) if refund else (), (dispute,) if dispute else ())


def find_unknown(service: Service, attempt: Attempt) -> tuple[Observation | None, bool]:
    """Search the provider's list for an attempt; says whether the list was read whole. Raises CallFailed."""
    with service.store.read() as tx:
        reference = get_order(tx, attempt.order_id).reference
    since_s = attempt.created_ms // 1000 - CLOCKS_DIFFER_S
    found, is_whole = service.provider.attempt_of(
        reference, attempt.n, since_s, service.settings.call_timeout_ms, service.policies.reconciling
    )
    for seen in found:
        if (seen.order_reference, seen.attempt_n) == (reference, attempt.n):
            return look_at_payment(service, seen.provider_id), is_whole
    return None, is_whole
