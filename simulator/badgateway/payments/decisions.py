"""What issuer and gateway decide: the failure codes, and the neutral card words that stand for a decision."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from badgateway.payments.model import Decision, Failure

DAY_MS = 86_400_000
PENDING_MS = 3 * DAY_MS

# code -> (sentence, is it hard). Hard: the same card must not be tried again. Grouped as card networks group
# their answers: what can be corrected or may pass is soft, an issuer that will never approve is hard.
_CODES: dict[str, tuple[str, bool]] = {
    "declined": ("The card was declined.", True),
    "do_not_honor": ("The issuer declined without a reason.", True),
    "insufficient_funds": ("The card has insufficient funds.", False),
    "velocity_exceeded": ("The card has reached a limit of its issuer.", False),
    "issuer_unavailable": ("The issuer could not be reached.", False),
    "try_again_later": ("The issuer asks to try again later.", False),
    "processing_error": ("The gateway could not process the card.", False),
    "lost_card": ("The card is reported lost.", True),
    "stolen_card": ("The card is reported stolen.", True),
    "fraudulent": ("The payment is suspected to be fraudulent.", True),
    "expired_card": ("The card has expired.", False),
    "incorrect_cvc": ("The security code is incorrect.", False),
    "incorrect_number": ("The card number is incorrect.", False),
    "authentication_required": ("The issuer wants the shopper to authenticate.", False),
    "authentication_failed": ("The shopper did not authenticate.", False),
    "method_failed": ("The payment method failed after it was pending.", False),
    "capture_failed": ("The capture was reversed.", False),
}
FAILURES: Mapping[str, Failure] = MappingProxyType(
    {code: Failure(code, sentence, is_hard) for code, (sentence, is_hard) in _CODES.items()}
)

KINDS = ("approved", "declined", "action", "pending")


def failure(code: str) -> Failure:
    """Give the failure of a code; a code that is not in FAILURES is a soft one that only carries its name."""
    return FAILURES.get(code) or Failure(code, "The payment was declined.")


def decision(
    kind: str = "approved",
    code: str | None = None,
    *,
    approved_minor: int | None = None,
    currency: str | None = None,
    then: str = "approved",
    after_ms: int = PENDING_MS,
) -> Decision:
    """Make a decision from plain words; `after_ms` (virtual) counts only while a method is pending."""
    assert kind in KINDS, kind
    assert then in {"approved", "declined"}, then
    is_no = kind == "declined" or (kind in {"action", "pending"} and then == "declined")
    default = "method_failed" if kind == "pending" else "declined"
    return Decision(
        kind=kind,
        failure=failure(code or default) if is_no else None,
        approved_minor=approved_minor,
        currency=currency,
        then=then,
        after_ms=after_ms if kind == "pending" else 0,
    )


_DECLINES = (
    "declined",
    "do_not_honor",
    "insufficient_funds",
    "velocity_exceeded",
    "issuer_unavailable",
    "try_again_later",
    "processing_error",
    "lost_card",
    "stolen_card",
    "fraudulent",
    "expired_card",
    "incorrect_cvc",
    "incorrect_number",
)

CARDS: Mapping[str, Decision] = MappingProxyType(
    {
        "approved": decision(),
        **{code: decision("declined", code) for code in _DECLINES},
        "authentication_required": decision("action"),
        "authentication_then_declined": decision("action", "declined", then="declined"),
        "authentication_then_insufficient_funds": decision("action", "insufficient_funds", then="declined"),
        "pending_then_succeeds": decision("pending"),
        "pending_then_fails": decision("pending", then="declined"),
        "refund_pending": decision(),
        "refund_fails_later": decision(),
    }
)

REFUND_OUTCOMES: Mapping[str, str] = MappingProxyType(
    {"refund_pending": "pending", "refund_fails_later": "fails_later"}
)


def refund_outcome(card: str | None) -> str:
    """Give the `outcome` of a RefundPayment for a payment that was made with this card word."""
    return REFUND_OUTCOMES.get(card or "", "succeeded")
