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
    Route("POST", f"{_PAYMENT}/amountUpdates", modifications.update_amount, "increment"),
    Route("POST", "/cancels", modifications.cancel_by_reference, "void"),
    Route("POST", "/sessions", sessions.create, "create"),
    Route("GET", "/sessions/{id}", sessions.retrieve, "fetch"),
    Route("POST", "/paymentMethods", listing.payment_methods),
    Route("POST", "/cardDetails", listing.card_details),
)
