"""What card networks say of a decline, in their own codes, as Stripe passes them on.

Source: Stripe's changelog of 2024-12-18 for the fields; ISO 8583 response codes as Visa and Mastercard use
them, and Mastercard's merchant advice codes, as acquirers publish them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from badgateway.payments.model import Failure

_DECLINES: Mapping[str, str] = MappingProxyType(
    {
        "declined": "05",
        "do_not_honor": "05",
        "insufficient_funds": "51",
        "velocity_exceeded": "65",
        "issuer_unavailable": "91",
        "try_again_later": "19",
        "processing_error": "96",
        "lost_card": "41",
        "stolen_card": "43",
        "expired_card": "54",
        "incorrect_cvc": "N7",
        "incorrect_number": "14",
        "authentication_required": "1A",
    }
)
_ADVICES: Mapping[str, str] = MappingProxyType({"shopper": "01", "later": "02", "never": "03"})


def network_decline(failure: Failure | None) -> str | None:
    """Give the network's response code; None where the network never saw the charge."""
    return _DECLINES.get(failure.code) if failure is not None else None


def network_advice(failure: Failure | None) -> str | None:
    """Give the network's advice on what to do next; None where it gives none."""
    if failure is None or network_decline(failure) is None:
        return None
    return _ADVICES.get(failure.advice or "")
