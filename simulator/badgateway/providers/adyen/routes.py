"""The addresses of the Checkout API that are played, below /vNN."""

from __future__ import annotations

from badgateway.providers.adyen import listing, modifications, payments, sessions
from badgateway.providers.adyen.call import Route

_PAYMENT = "/payments/{id}"
ROUTES = (
    Route("POST", "/payments", payments.create, "charge"),
    Route("POST", "/payments/details", payments.details, "charge"),
    Route("POST", f"{_PAYMENT}/captures", modifications.capture, "capture"),
    Route("POST", f"{_PAYMENT}/cancels", modifications.cancel, "void"),
    Route("POST", f"{_PAYMENT}/refunds", modifications.refund, "refund"),
    Route("POST", f"{_PAYMENT}/reversals", modifications.reverse, "void"),
    Route("POST", f"{_PAYMENT}/amountUpdates", modifications.update_amount),
    Route("POST", "/cancels", modifications.cancel_by_reference, "void"),
    Route("POST", "/sessions", sessions.create, "create"),
    Route("GET", "/sessions/{id}", sessions.retrieve, "fetch"),
    Route("POST", "/paymentMethods", listing.payment_methods),
    Route("POST", "/cardDetails", listing.card_details),
)


def methods_of(path: str) -> tuple[str, ...]:
    """Give the methods that an address has; none: there is no such address."""
    known = dict.fromkeys(route.method for route in ROUTES)
    return tuple(method for method in known if find(method, path)[0] is not None)


def find(method: str, path: str) -> tuple[Route | None, str]:
    """Give the route of a request and the id in its path."""
    for route in ROUTES:
        if route.method != method:
            continue
        if route.pattern == path:
            return route, ""
        head, mark, tail = route.pattern.partition("{id}")
        wanted = path[len(head) : len(path) - len(tail)] if mark else ""
        if wanted and "/" not in wanted and path == f"{head}{wanted}{tail}":
            return route, wanted
    return None, ""
