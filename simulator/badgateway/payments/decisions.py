"""What issuer and gateway decide: the failure codes, and the neutral card words that stand for a decision."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from badgateway.ground.records import changed
from badgateway.payments.model import Decision, Failure

DAY_MS = 86_400_000
PENDING_MS = 3 * DAY_MS
DEBIT_MS = 4 * DAY_MS  # a bank's answer to an ACH debit may take four business days

# What may help after a refusal. Grouped as card networks group their answers: an issuer that will never
# approve, one that cannot approve now, and data that only the shopper can correct.
NEVER, LATER, SHOPPER = "never", "later", "shopper"

# code -> (sentence, what may help). What may never go through is hard: the same card must not be tried again.
_CODES: dict[str, tuple[str, str | None]] = {
    "declined": ("The card was declined.", NEVER),
    "do_not_honor": ("The issuer declined without a reason.", NEVER),
    "insufficient_funds": ("The card has insufficient funds.", LATER),
    "velocity_exceeded": ("The card has reached a limit of its issuer.", LATER),
    "issuer_unavailable": ("The issuer could not be reached.", LATER),
    "try_again_later": ("The issuer asks to try again later.", LATER),
    "processing_error": ("The gateway could not process the card.", LATER),
    "lost_card": ("The card is reported lost.", NEVER),
    "stolen_card": ("The card is reported stolen.", NEVER),
    "fraudulent": ("The payment is suspected to be fraudulent.", NEVER),
    "expired_card": ("The card has expired.", SHOPPER),
    "incorrect_cvc": ("The security code is incorrect.", SHOPPER),
    "incorrect_number": ("The card number is incorrect.", SHOPPER),
    "authentication_required": ("The issuer wants the shopper to authenticate.", SHOPPER),
    "authentication_failed": ("The shopper did not authenticate.", SHOPPER),
    "method_failed": ("The payment method failed after it was pending.", None),
    "capture_failed": ("The capture was reversed.", None),
    "debit_no_funds": ("The bank account holds too little for the debit.", None),
    "debit_account_closed": ("The bank account is closed.", NEVER),
    "debit_not_authorized": ("The account's holder did not allow the debit.", NEVER),
}
FAILURES: Mapping[str, Failure] = MappingProxyType(
    {code: Failure(code, sentence, advice == NEVER, advice) for code, (sentence, advice) in _CODES.items()}
)

KINDS = ("approved", "declined", "action", "pending")


def failure(code: str, advice: str | None = None) -> Failure:
    """Give the failure of a code; a code that is not in FAILURES is a soft one that only carries its name.

    `advice` is what may help, where that is not what the code says.
    """
    known = FAILURES.get(code) or Failure(code, "The payment was declined.", advice=LATER)
    return known if advice is None else changed(known, advice=advice, is_hard=advice == NEVER)


def decision(
    kind: str = "approved",
    code: str | None = None,
    *,
    approved_minor: int | None = None,
    currency: str | None = None,
    then: str = "approved",
    after_ms: int = PENDING_MS,
    advice: str | None = None,
) -> Decision:
    """Make a decision from plain words; `after_ms` (virtual) counts only while a method is pending."""
    assert kind in KINDS, kind
    assert then in {"approved", "declined"}, then
    is_no = kind == "declined" or (kind in {"action", "pending"} and then == "declined")
    default = "method_failed" if kind == "pending" else "declined"
    return Decision(
        kind=kind,
        failure=failure(code or default, advice) if is_no else None,
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
        "bank_debit": decision("pending", after_ms=DEBIT_MS),
        "bank_debit_no_funds": decision("pending", "debit_no_funds", then="declined", after_ms=DEBIT_MS),
        "bank_debit_account_closed": decision(
            "pending", "debit_account_closed", then="declined", after_ms=DEBIT_MS
        ),
        # Approved, though the issuer found something wrong that it was given beside the number.
        "address_check_failed": decision(),
        "postal_code_check_failed": decision(),
        "cvc_check_failed": decision(),
        "address_unchecked": decision(),
        "refund_pending": decision(),
        "refund_fails_later": decision(),
    }
)

LATER_MS = 6 * 3_600_000
# The words of an issuer's script: one decision for each charge, whatever the card.
SCRIPT: Mapping[str, Decision] = MappingProxyType(
    {
        "approve": decision(),
        "soft": decision("declined", "insufficient_funds"),
        "hard": decision("declined", "stolen_card"),
        "challenge": decision("action"),
        "later": decision("pending", after_ms=LATER_MS),
        "later_declined": decision("pending", then="declined", after_ms=LATER_MS),
        "partial": decision(),
    }
)


def scripted(word: str, asked_minor: int) -> Decision:
    """Give the decision of a word of a script over a charge; the half of it for `partial`, at least one."""
    decided = SCRIPT[word]
    return changed(decided, approved_minor=max(1, asked_minor // 2)) if word == "partial" else decided


REFUND_OUTCOMES: Mapping[str, str] = MappingProxyType(
    {"refund_pending": "pending", "refund_fails_later": "fails_later"}
)


def refund_outcome(card: str | None) -> str:
    """Give the `outcome` of a RefundPayment for a payment that was made with this card word."""
    return REFUND_OUTCOMES.get(card or "", "succeeded")
