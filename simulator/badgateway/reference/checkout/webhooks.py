"""Webhooks taken in: verified, looked up, and then worked off like every other event."""

from __future__ import annotations

from dataclasses import replace

from badgateway.reference.checkout.notifications import open_event, read_notice
from badgateway.reference.orders import need_merchant
from badgateway.reference.service import Service
from badgateway.reference.signatures import NotGenuine
from badgateway.reference.webhooks import acknowledge

ROUTE = "checkout"


def receive(service: Service, raw: bytes, signature: str | None, name: str | None = None) -> tuple[int, str]:
    """Take one delivery to a merchant's address; gives the HTTP status and a word.

    Without 2xx Checkout.com sends it again. Raises Problem 404 where nobody has this address.
    """
    merchant = need_merchant(service, name, ROUTE)
    service = service.of(merchant.name, ROUTE)
    try:
        event = open_event(raw, signature, merchant.webhook_secrets)
    except NotGenuine as problem:
        service.metrics.count("webhooks", "?", "refused")
        service.log("webhook_refused", reason=str(problem))
        return 401, "refused"
    service.provider.hear()
    # An account is either for tests or for money, and so is everything that it tells.
    notice = read_notice(event, merchant.name, is_live=merchant.is_live)
    taken = service.policies.tenancy.take(replace(notice, route=ROUTE), merchant)
    return acknowledge(service, notice, taken)
