"""How long money is held: the card's scheme says it, and what the hold was asked for as."""

from __future__ import annotations

from collections.abc import Mapping

from badgateway.ground.records import changed
from badgateway.payments.decisions import DAY_MS
from badgateway.payments.model import Decision, Payment

# Source: what schemes allow for goods that are ordered at a distance, which Adyen follows where it is known.
_FINAL_DAYS: Mapping[str, int] = {"visa": 10, "mc": 7, "amex": 7, "discover": 10}
_ALONE_DAYS: Mapping[str, int] = {"visa": 5}  # the shopper was away
_PRE_DAYS: Mapping[str, int] = {"mc": 30}  # asked for as a pre-authorisation, whose amount may change
_OTHER_DAYS = 28  # what an account is set to where no scheme says less
PRE_AUTHORISATION, ALONE = "PreAuth", "ContAuth"


def with_window(decided: Decision, payment: Payment, brand: str) -> Decision:
    """Say of a decision how long a hold by it would last."""
    days = _FINAL_DAYS.get(brand, _OTHER_DAYS)
    if payment.details.get("authorisationType") == PRE_AUTHORISATION:
        days = _PRE_DAYS.get(brand, days)
    if payment.details.get("shopperInteraction") == ALONE:
        days = _ALONE_DAYS.get(brand, days)
    return changed(decided, held_ms=days * DAY_MS)
