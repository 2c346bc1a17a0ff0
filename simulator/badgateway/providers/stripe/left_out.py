"""Addresses of the simulated resources that Stripe has and the simulator has not, each with its reason."""

from __future__ import annotations

_HANDS = "no payout is made by hand here: a story says `payout`."
_MICRO = "bank accounts need no micro-deposits here, they are verified as they come."

LEFT_OUT = {
    ("POST", "/v1/charges"): "make a payment intent instead, as Stripe itself advises.",
    ("POST", "/v1/charges/{id}/capture"): "capture its payment intent instead.",
    ("POST", "/v1/checkout/sessions/{id}"): "a session stays as it was made.",
    ("DELETE", "/v1/customers/{id}/discount"): "no discounts are simulated.",
    ("GET", "/v1/customers/{id}/payment_methods/{id}"): "retrieve /v1/payment_methods/{id} instead.",
    ("GET", "/v1/payment_intents/{id}/amount_details_line_items"): "lines are added up, and not kept.",
    ("POST", "/v1/payment_intents/{id}/apply_customer_balance"): "customers have no cash balance here.",
    ("POST", "/v1/payment_intents/{id}/verify_microdeposits"): _MICRO,
    ("POST", "/v1/setup_intents/{id}/verify_microdeposits"): _MICRO,
    ("POST", "/v1/payouts"): _HANDS,
    ("POST", "/v1/payouts/{id}"): _HANDS,
    ("POST", "/v1/payouts/{id}/cancel"): _HANDS,
    ("POST", "/v1/payouts/{id}/reverse"): _HANDS,
}


def why_left_out(method: str, path: str) -> str | None:
    """Give the reason why an address is not simulated; None: it is none of Stripe's resources here."""
    parts = path.strip("/").split("/")
    for (known, pattern), reason in LEFT_OUT.items():
        places = pattern.strip("/").split("/")
        if known == method and len(places) == len(parts) and all(map(_fits, places, parts)):
            return reason
    return None


def _fits(place: str, part: str) -> bool:
    return place in {"{id}", part}
