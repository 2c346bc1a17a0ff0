"""How long money is held, and what else may be done with a hold: brand and wishes say it."""

from __future__ import annotations

from badgateway.payments.decisions import DAY_MS
from badgateway.payments.model import Payment
from badgateway.providers.base import Account
from badgateway.providers.stripe.errors import Refused, invalid
from badgateway.providers.stripe.shelf import shelf

HOUR_MS = DAY_MS // 24
CAPTURES_MAX = 50
WEEK_MS = 7 * DAY_MS
# Source: Stripe's pages on holds and on extended authorizations; Visa's windows leave time to clear.
_ALONE_MS = {"visa": 4 * DAY_MS + 18 * HOUR_MS}  # the shopper was away
_EXTENDED_MS = {
    "visa": 29 * DAY_MS + 18 * HOUR_MS,
    "mastercard": 30 * DAY_MS,
    "amex": 30 * DAY_MS,
    "discover": 30 * DAY_MS,
}
# Source: Stripe's page on overcapture, for a shop of no special trade: other brands want a restaurant.
_OVER_PERCENT = {"visa": 15}
EXTENDED, INCREMENTS = "request_extended_authorization", "request_incremental_authorization"
MULTICAPTURE, OVERCAPTURE = "request_multicapture", "request_overcapture"


def window_ms(payment: Payment, account: Account, *, is_alone: bool) -> int:
    """Give how long a hold of this payment would last, virtual; `is_alone`: the shopper was not there."""
    if payment.details.get("payment_method_options") and is_granted(payment, EXTENDED, account):
        return _EXTENDED_MS[brand_of(payment, account)]
    return _ALONE_MS.get(brand_of(payment, account), WEEK_MS) if is_alone else WEEK_MS


def is_granted(payment: Payment, wish: str, account: Account) -> bool:
    """Say whether an intent asked for something with cards, and its card's brand can do it."""
    options = payment.details.get("payment_method_options")
    if not options:
        return False
    card = options.get("card")
    is_asked_for = isinstance(card, dict) and card.get(wish) == "if_available"
    able = _OVER_PERCENT if wish == OVERCAPTURE else _EXTENDED_MS
    return is_asked_for and brand_of(payment, account) in able


def check_several(payment: Payment, account: Account) -> None:
    """Refuse a capture after which another one is to come, where that was not asked for; raises Refused."""
    if not payment.held_minor:
        return  # there is nothing to capture, and that is said elsewhere
    if not is_granted(payment, MULTICAPTURE, account):
        what = (
            "final_capture=false is for cards that can be captured several times: ask for it with "
            "payment_method_options[card][request_multicapture]=if_available when the intent is confirmed."
        )
        raise Refused(invalid(what, "final_capture"))
    captures = shelf(account).captures
    if captures[payment.id] >= CAPTURES_MAX - 1:
        what = f"A PaymentIntent is captured at most {CAPTURES_MAX} times: this one has to be the final one."
        raise Refused(invalid(what, "final_capture"))
    captures[payment.id] += 1


def over_minor(payment: Payment, amount_minor: int, account: Account) -> int:
    """Give how much more than this held amount may be taken."""
    if not is_granted(payment, OVERCAPTURE, account):
        return 0
    return amount_minor * _OVER_PERCENT[brand_of(payment, account)] // 100


def brand_of(payment: Payment, account: Account) -> str:
    """Give the brand of the card that a payment is made with; empty where it is none."""
    known = shelf(account).methods.get(payment.method or "")
    return known.brand if known is not None and known.type == "card" else ""
