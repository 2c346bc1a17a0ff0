"""Webhooks taken in: the sender verified, the order looked up, and then worked off like every other event."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from badgateway.reference.euler.notifications import check_sender, read_event, read_notices
from badgateway.reference.orders import need_merchant
from badgateway.reference.service import Service
from badgateway.reference.signatures import NotGenuine
from badgateway.reference.webhooks import take_in

ROUTE = "euler"


def receive(
    service: Service, raw: bytes, authorization: str | None, name: str | None = None
) -> tuple[int, str]:
    """Take one delivery to a merchant's address; gives the HTTP status and a word.

    Without 2xx Euler sends it again. Raises Problem 404 where nobody has this address.
    """
    merchant = need_merchant(service, name, ROUTE)
    service = service.of(merchant.name, ROUTE)
    try:
        check_sender(authorization, merchant.webhook_secrets)
        event = read_event(raw)
    except NotGenuine as problem:
        service.metrics.count("webhooks", "?", "refused")
        service.log("webhook_refused", reason=str(problem))
        return 401, "refused"
    service.provider.hear()
    # An account is either for tests or for money, and so is everything that it tells.
    notices = read_notices(event, merchant.name, is_live=merchant.is_live)
    acknowledging, statuses, words = service.policies.acknowledging, [200], ["ignored"]
    for notice in notices:
        taken = service.policies.tenancy.take(replace(notice, route=ROUTE), merchant)
        word = acknowledging.take(partial(take_in, service, taken)) if taken is not None else "ignored"
        statuses.append(acknowledging.status(word))
        words.append(word)
        service.metrics.count("webhooks", notice.kind, word)
    worst = max(statuses)
    told = words[statuses.index(worst)] if worst >= 300 else words[-1]
    reference = notices[0].order_reference if notices else None
    service.log("webhook", type=str(event["event_name"]), status=worst, kind=told, order=reference)
    return worst, told
