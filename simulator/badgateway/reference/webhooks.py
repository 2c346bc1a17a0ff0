"""Webhooks: verified, stored, looked up, applied in one transaction, and only then acknowledged."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from badgateway.reference.learn import learn
from badgateway.reference.look import known_of, look_at_event, version_of
from badgateway.reference.notice import Notice
from badgateway.reference.operations import carry_out_rest
from badgateway.reference.orders import need_merchant
from badgateway.reference.provider import CallFailed
from badgateway.reference.seen import Observation
from badgateway.reference.service import Service
from badgateway.reference.signatures import NotGenuine

_LOOKS_MAX = 5
_ROUTE = "stripe"
_LOOKS_BEHIND_MAX = 3


def receive(service: Service, raw: bytes, header: str | None, name: str | None = None) -> tuple[int, str]:
    """Take one delivery to a merchant's address; gives the HTTP status and a word.

    Without 2xx the provider sends it again. Raises Problem 404 where nobody has this address.
    """
    settings, tenancy = service.settings, service.policies.tenancy
    merchant = need_merchant(service, name, _ROUTE)
    service = service.of(merchant.name, _ROUTE)
    try:
        notice = service.policies.signatures.open(
            raw, header, merchant.webhook_secrets, settings.signature_tolerance_s
        )
        taken = tenancy.take(replace(notice, merchant=merchant.name, route=_ROUTE), merchant)
    except NotGenuine as problem:
        service.metrics.count("webhooks", "?", "refused")
        service.log("webhook_refused", reason=str(problem))
        return 400, "refused"
    service.provider.hear()
    return acknowledge(service, notice, taken)


def acknowledge(service: Service, notice: Notice, taken: Notice | None) -> tuple[int, str]:
    """Answer a verified event, with a status and a word; `taken`: as much of it as is this merchant's."""
    if not notice.is_readable:
        word = "unreadable"
    elif taken is None or not notice.is_relevant:
        word = "ignored"
    else:
        word = service.policies.acknowledging.take(partial(take_in, service, taken))
    status = service.policies.acknowledging.status(word)
    service.metrics.count("webhooks", notice.kind, word)
    service.log("webhook", type=notice.type, status=status, kind=word, order=notice.order_reference)
    return status, word


def take_in(service: Service, notice: Notice) -> str:
    """Store an event, then work it off."""
    if not service.policies.inbox.admit(service.store, notice, service.clock.wall_ms()):
        return "duplicate"
    with service.policies.as_of.handling(service.store, notice.order_reference):
        return process(service, notice)


def process(service: Service, notice: Notice) -> str:
    """Look up what a stored event is about and apply it once; `later` leaves it for the next delivery."""
    service, looks_behind = service.of(notice.merchant, notice.route), 0
    for _ in range(_LOOKS_MAX):
        before = known_of(service, notice.payment_id, notice.order_reference)
        seen: Observation | None = None
        try:
            seen = service.policies.apply_event.observe(notice, lambda hint: look_at_event(service, hint))
        except CallFailed as problem:
            if problem.proves != "refused" or problem.code != "resource_missing":
                return "later"
        if not service.policies.inbox.is_answered(notice, seen, before):
            # A copy of the provider's data that is behind its own event; the next look may meet another.
            looks_behind += 1
            if looks_behind == _LOOKS_BEHIND_MAX:
                return "later"
            service.clock.wait_ms(service.settings.retry_base_ms * looks_behind)
            continue
        with service.store.write() as tx:
            if version_of(tx, notice.payment_id) != before.version:
                continue  # the books moved while we looked: what we saw may be older than what they hold
            if not service.policies.inbox.finish(tx, notice, service.clock.wall_ms()):
                return "duplicate"
            order = learn(tx, service, seen or Observation(), notice)
        if order is None:
            return "foreign"
        carry_out_rest(service, order.id)
        return "applied"
    return "later"
