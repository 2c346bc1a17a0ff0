"""Notifications taken in: verified, mirrored, and then worked off like every other event."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from badgateway.reference.adyen.mirror import Mirror
from badgateway.reference.adyen.notifications import open_items, read_fact, read_notice
from badgateway.reference.orders import need_merchant
from badgateway.reference.service import Service
from badgateway.reference.signatures import NotGenuine
from badgateway.reference.webhooks import take_in

_ROUTE = "adyen"


def receive(service: Service, raw: bytes, name: str | None = None) -> tuple[int, str]:
    """Take one request to a merchant's address, with all its items; gives the HTTP status and a word.

    Without 2xx Adyen sends all of it again. Raises Problem 404 where nobody has this address.
    """
    merchant = need_merchant(service, name, _ROUTE)
    service = service.of(merchant.name, _ROUTE)
    try:
        items, is_live = open_items(raw, merchant.webhook_secrets)
        told = [read_fact(item, service.clock.wall_ms()) for item in service.policies.unbatching.of(items)]
    except (NotGenuine, ValueError, TypeError, LookupError) as problem:
        service.metrics.count("webhooks", "?", "refused")
        service.log("webhook_refused", reason=type(problem).__name__)
        return 400, "refused"
    service.provider.hear()
    mirror, statuses = Mirror(service.store, merchant.name), [200]
    acknowledging = service.policies.acknowledging
    for fact in told:
        notice = replace(read_notice(fact, merchant.name, is_live=is_live), route=_ROUTE)
        taken = service.policies.tenancy.take(notice, merchant)
        if taken is None:
            word = "ignored"
        else:
            mirror.keep(fact)
            word = acknowledging.take(partial(take_in, service, taken))
        statuses.append(acknowledging.status(word))
        service.metrics.count("webhooks", notice.kind, word)
        service.log("webhook", type=notice.type, status=statuses[-1], kind=word, order=notice.order_reference)
    return max(statuses), "[accepted]" if max(statuses) < 300 else "later"
