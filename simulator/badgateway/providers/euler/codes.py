"""What a gateway says about an attempt, as Euler passes it on: a code and a sentence for each failure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from badgateway.payments.decisions import FAILURES
from badgateway.providers.euler.acquirer import APPROVED, DECLINED, Standing


@dataclass(frozen=True, slots=True)
class Code:
    """One answer of a gateway."""

    number: str
    text: str
    is_error: bool = True


# Answer codes of ISO 8583, which most gateways pass on, for our neutral failures; what has none is spelt.
_NUMBERS: Mapping[str, str] = MappingProxyType(
    {
        "declined": "05",
        "do_not_honor": "05",
        "insufficient_funds": "51",
        "velocity_exceeded": "65",
        "issuer_unavailable": "91",
        "try_again_later": "91",
        "processing_error": "96",
        "lost_card": "41",
        "stolen_card": "43",
        "fraudulent": "59",
        "expired_card": "54",
        "incorrect_cvc": "N7",
        "incorrect_number": "14",
    }
)
_NOTHING = Code("", "", is_error=False)
_GOOD = Code("00", "Approved", is_error=False)


def code_of(standing: Standing | None) -> Code:
    """Give what is said of an attempt; nothing while nobody knows how it ends."""
    if standing is None:
        return _NOTHING
    failure = standing.failure
    if failure is not None and (standing.outcome == DECLINED or standing.is_reversed):
        known = FAILURES.get(failure.code)
        return Code(
            _NUMBERS.get(failure.code, failure.code.upper()), known.message if known else failure.message
        )
    return _GOOD if standing.outcome == APPROVED else _NOTHING
