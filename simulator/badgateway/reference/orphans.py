"""The provider's list held against the books: payments of our orders that no attempt of ours knows."""

from __future__ import annotations

from badgateway.reference.learn import learn
from badgateway.reference.look import CLOCKS_DIFFER_S, look_at_payment
from badgateway.reference.operations import carry_out_rest
from badgateway.reference.provider import CallFailed
from badgateway.reference.records import find_attempt, find_order
from badgateway.reference.seen import PaymentSeen
from badgateway.reference.service import Service


def adopt_orphans(service: Service) -> int:
    """List each merchant's recent payments and take in those that the books lack; gives how many.

    What belongs to no order of ours is logged and left alone: it may be another shop's on the same account.
    """
    if not service.policies.recovery.asks_on("poll"):
        return 0
    settings = service.settings
    return sum(
        _adopt_from(service.of(name, at), name) for at in settings.route for name in settings.merchants
    )


def _adopt_from(service: Service, merchant: str) -> int:
    since_s = (service.clock.wall_ms() - service.settings.recheck_ms) // 1000 - CLOCKS_DIFFER_S
    adopted = 0
    try:
        found, _ = service.provider.payments_since(
            since_s, service.settings.call_timeout_ms, service.policies.reconciling
        )
        for seen in found:
            adopted += _adopt(service, seen, merchant)
    except CallFailed as problem:
        service.log("look_failed", code=problem.code)
    return adopted


def _adopt(service: Service, seen: PaymentSeen, merchant: str) -> bool:
    with service.store.read() as tx:
        is_known = find_attempt(tx, seen.provider_id) is not None
        order = find_order(tx, seen.order_reference) if seen.order_reference else None
    if is_known:
        return False
    if order is None or not service.policies.tenancy.may_touch(order.merchant, merchant):
        service.metrics.count("payments", "orphan", "foreign")
        service.log("orphan", provider_id=seen.provider_id)
        return False
    look = look_at_payment(service, seen.provider_id)
    with service.store.write() as tx:
        taken = learn(tx, service, look)
    if taken is not None:
        carry_out_rest(service, taken.id)
    return taken is not None
