"""GET /merchants/{merchant_id}/paymentmethods: with what a merchant's shoppers can pay."""

from __future__ import annotations

from badgateway.providers.euler.call import Call, Done
from badgateway.providers.euler.errors import Refused, invalid
from badgateway.providers.euler.shelf import merchant_id

_METHODS = (
    ("CARD", "VISA", "Visa"),
    ("CARD", "MASTERCARD", "Mastercard"),
    ("CARD", "AMEX", "American Express"),
    ("NB", "NB_DUMMY", "A bank's own page"),
    ("WALLET", "DUMMY", "A wallet's own page"),
    ("UPI", "UPI", "A collect request"),
)


def listing(call: Call) -> Done:
    """Show the methods of a merchant."""
    if call.id != merchant_id(call.account.api_key):
        raise Refused(invalid("merchant_id", "Invalid Value"))
    rows = [
        {"payment_method_type": kind, "payment_method": method, "description": text}
        for kind, method, text in _METHODS
    ]
    return Done({"merchant_id": call.id, "payment_methods": rows})
