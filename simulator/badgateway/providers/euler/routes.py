"""The addresses that are served: the present ones, and those that older clients still ask."""

from __future__ import annotations

from badgateway.providers.euler import methods, modifications, orders, refunds, txns
from badgateway.providers.euler.call import Route

ROUTES = (
    Route("POST", "/session", orders.session, "create"),
    Route("POST", "/orders", orders.create, "create"),
    Route("GET", "/orders/{id}", orders.status, "fetch"),
    Route("POST", "/orders/{id}/refunds", refunds.create, "refund"),
    Route("POST", "/txns", txns.create, "charge", is_open=True),
    Route("POST", "/v2/txns/{id}/capture", modifications.capture, "capture"),
    Route("POST", "/v2/txns/{id}/void", modifications.void, "void"),
    Route("GET", "/merchants/{id}/paymentmethods", methods.listing),
    Route("POST", "/order/create", orders.create, "create"),
    Route("POST", "/order/status", orders.status, "fetch"),
    Route("GET", "/order/status", orders.status, "fetch"),
    Route("POST", "/order/refund", refunds.create, "refund"),
)
