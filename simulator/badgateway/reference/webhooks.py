"""Webhooks: verified, stored, looked up, applied in one transaction, and only then acknowledged."""

from __future__ import annotations

from badgateway.reference.learn import learn
from badgateway.reference.look import known_of, look_at_event, version_of
from badgateway.reference.notice import Notice
from badgateway.reference.operations import carry_out_rest
from badgateway.reference.provider import CallFailed
from badgateway.reference.seen import Observation
from badgateway.reference.service import Service
from badgateway.reference.signatures import NotGenuine

_LOOKS_MAX = 5


def receive(service: Service, raw: bytes, header: str | None) -> tuple[int, str]:
    """Take one delivery; gives the HTTP status and a word; without 2xx the provider sends it again."""
    settings = service.settings
    try:
        notice = service.policies.signatures.open(
            raw, header, settings.merchant.webhook_secrets, settings.signature_tolerance_s
        )
    except NotGenuine as problem:
        service.metrics.count("webhooks", "?", "refused")
        service.log("webhook_refused", reason=str(problem))
        return 400, "refused"
    if not notice.is_relevant:
        status, word = 200, "ignored"
    elif not service.policies.inbox.admit(service.store, notice, service.clock.wall_ms()):
        status, word = 200, "duplicate"
    else:
        status, word = process(service, notice)
    service.metrics.count("webhooks", notice.kind, word)
    service.log("webhook", type=notice.type, status=status, kind=word, order=notice.order_reference)
    return status, word


def process(service: Service, notice: Notice) -> tuple[int, str]:
    """Look up what a stored event is about and apply it once; 503 leaves it for the next delivery or sync."""
    for _ in range(_LOOKS_MAX):
        before = known_of(service, notice.payment_id)
        try:
            seen = service.policies.apply_event.observe(notice, lambda hint: look_at_event(service, hint))
        except CallFailed as problem:
            if problem.proves != "refused" or problem.code != "resource_missing":
                return 503, "later"
            seen = Observation()  # the provider does not know it: not ours, or not true
        with service.store.write() as tx:
            if version_of(tx, notice.payment_id) != before.version:
                continue  # the books moved while we looked: what we saw may be older than what they hold
            if not service.policies.inbox.finish(tx, notice, service.clock.wall_ms()):
                return 200, "duplicate"
            order = learn(tx, service, seen, notice)
        if order is None:
            return 200, "foreign"
        carry_out_rest(service, order.id)
        return 200, "applied"
    return 503, "later"
