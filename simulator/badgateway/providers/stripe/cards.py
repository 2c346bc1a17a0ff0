"""The test cards: token, number and neutral card word, and how Stripe words each refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from badgateway.payments.model import Failure

# What the issuer says of address line, postal code and security code; None: as of any other card.
Checks = tuple[str | None, str | None, str | None]


@dataclass(frozen=True, slots=True, eq=False)  # each stands in the tables once
class Card:
    """One test payment method. `word` is the neutral card word; an empty number cannot be typed in."""

    token: str
    word: str
    number: str = ""
    brand: str = "visa"
    funding: str = "credit"
    type: str = "card"  # card | us_bank_account
    setup: str | None = None  # neutral word of what a setup meets; None: the same as a payment
    prepared: str | None = None  # neutral word of payments off session, once it was set up
    is_set_up: bool = False  # as if it had been set up before
    checks: Checks = (None, None, None)
    risk: str = "normal"  # Stripe's word for how risky it takes a charge to be
    disputed: str | None = None  # why its holder disputes whatever is paid with it, or inquiry
    refused: str | None = None  # what is not simulated here, and would be tested with it

    @property
    def last4(self) -> str:
        """Give the last four digits."""
        return self.number[-4:] or "6789"


# Source: Stripe's page on testing; names marked "own" have no counterpart there.
CARDS: tuple[Card, ...] = (
    Card("pm_card_visa", "approved", "4242424242424242"),
    Card("pm_card_visa_debit", "approved", "4000056655665556", funding="debit"),
    Card("pm_card_mastercard", "approved", "5555555555554444", "mastercard"),
    Card("pm_card_mastercard_2", "approved", "2223003122003222", "mastercard"),  # its token is ours
    Card("pm_card_mastercard_debit", "approved", "5200828282828210", "mastercard", "debit"),
    Card("pm_card_mastercard_prepaid", "approved", "5105105105105100", "mastercard", "prepaid"),
    Card("pm_card_amex", "approved", "378282246310005", "amex"),
    Card("pm_card_discover", "approved", "6011111111111117", "discover"),
    Card("pm_card_diners", "approved", "3056930009020004", "diners"),
    Card("pm_card_jcb", "approved", "3566002020360505", "jcb"),
    Card("pm_card_unionpay", "approved", "6200000000000005", "unionpay"),
    Card("pm_card_chargeDeclined", "declined", "4000000000000002"),
    Card("pm_card_visa_chargeDeclined", "declined", "4000000000000002"),
    Card("pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds", "4000000000009995"),
    Card("pm_card_visa_chargeDeclinedInsufficientFunds", "insufficient_funds", "4000000000009995"),
    Card("pm_card_chargeDeclinedLostCard", "lost_card", "4000000000009987"),
    Card("pm_card_visa_chargeDeclinedLostCard", "lost_card", "4000000000009987"),
    Card("pm_card_chargeDeclinedStolenCard", "stolen_card", "4000000000009979"),
    Card("pm_card_visa_chargeDeclinedStolenCard", "stolen_card", "4000000000009979"),
    Card("pm_card_chargeDeclinedExpiredCard", "expired_card", "4000000000000069"),
    Card("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "4000000000000127"),
    Card("pm_card_chargeDeclinedProcessingError", "processing_error", "4000000000000119"),
    Card("pm_card_chargeDeclinedVelocityLimitExceeded", "velocity_exceeded", "4000000000006975"),
    Card("pm_card_visa_chargeDeclinedVelocityLimitExceeded", "velocity_exceeded", "4000000000006975"),
    Card("pm_card_chargeCustomerFail", "declined", "4000000000000341", setup="approved"),
    Card("pm_card_radarBlock", "fraudulent", "4100000000000019"),
    Card("pm_card_authenticationRequired", "authentication_required", "4000002760003184"),
    Card(
        "pm_card_authenticationRequiredOnSetup",
        "authentication_required",
        "4000002500003155",
        prepared="approved",
    ),
    Card(
        "pm_card_authenticationRequiredSetupForOffSession",
        "authentication_required",
        "4000003800000446",
        setup="approved",
        prepared="approved",
        is_set_up=True,
    ),
    Card("pm_card_threeDSecure2Required", "authentication_required", "4000000000003220"),
    Card("pm_card_threeDSecureOptional", "approved", "4000000000003055"),
    # A challenge without friction is one that the shopper never sees; its token is ours.
    Card("pm_card_threeDSecureFrictionless", "approved", "4000000032200000"),
    # Where the look-up fails, a card that need not be asked for is charged as if nobody had asked.
    Card("pm_card_threeDSecureOptionalProcessingError", "approved", "4000000000003097"),
    Card("pm_card_threeDSecureRequiredProcessingError", "processing_error", "4000008400001280"),
    Card("pm_card_threeDSecureRequiredChargeDeclined", "authentication_then_declined", "4000008400001629"),
    Card(
        "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
        "authentication_then_insufficient_funds",
        "4000008260003178",
        setup="authentication_required",
        prepared="insufficient_funds",
    ),
    Card("pm_card_pendingRefund", "refund_pending", "4000000000007726"),
    Card("pm_card_refundFail", "refund_fails_later", "4000000000005126"),
    Card("pm_card_bypassPending", "approved", "4000000000000077"),
    Card("pm_card_avsFail", "address_check_failed", "4000000000000010", checks=("fail", "fail", None)),
    Card("pm_card_avsLine1Fail", "approved", "4000000000000028", checks=("fail", "pass", None)),
    Card("pm_card_avsZipFail", "postal_code_check_failed", "4000000000000036", checks=("pass", "fail", None)),
    Card(
        "pm_card_avsUnchecked",
        "address_unchecked",
        "4000000000000044",
        checks=("unavailable", "unavailable", None),
    ),
    Card("pm_card_cvcCheckFail", "cvc_check_failed", "4000000000000101", checks=(None, None, "fail")),
    Card("pm_card_createDispute", "approved", "4000000000000259", disputed="fraudulent"),
    Card(
        "pm_card_createDisputeProductNotReceived",
        "approved",
        "4000000000002685",
        disputed="product_not_received",
    ),
    Card("pm_card_createDisputeInquiry", "approved", "4000000000001976", disputed="inquiry"),
    Card("pm_card_createIssuerFraudRecord", "approved", "4000000000005423", refused="early fraud warnings"),
    Card(
        "pm_card_createMultipleDisputes",
        "approved",
        "4000004040000079",
        refused="several disputes of one payment",
    ),
    Card("pm_card_riskLevelElevated", "approved", "4000000000009235", risk="elevated"),
    Card("pm_card_riskLevelHighest", "approved", "4000000000004954", risk="highest"),
    Card("pm_usBankAccount_success", "bank_debit", type="us_bank_account", setup="approved"),
    Card(
        "pm_usBankAccount_insufficientFunds", "bank_debit_no_funds", type="us_bank_account", setup="approved"
    ),
    Card(
        "pm_usBankAccount_accountClosed",
        "bank_debit_account_closed",
        type="us_bank_account",
        setup="approved",
    ),
    # Own: a bank that answers sooner, and that says no without a reason.
    Card("pm_usBankAccount_sooner", "pending_then_succeeds", type="us_bank_account", setup="approved"),
    Card("pm_usBankAccount_failed", "pending_then_fails", type="us_bank_account", setup="approved"),
    # Own: outcomes for which Stripe offers no test card.
    Card("pm_card_chargeDeclinedDoNotHonor", "do_not_honor", "4000000000000002"),
    Card("pm_card_chargeDeclinedIssuerNotAvailable", "issuer_unavailable", "4000000000000002"),
    Card("pm_card_chargeDeclinedTryAgainLater", "try_again_later", "4000000000000002"),
    Card("pm_card_chargeDeclinedIncorrectNumber", "incorrect_number", "4000000000000002"),
)
BY_TOKEN: Mapping[str, Card] = MappingProxyType({card.token: card for card in CARDS})
# The first card of a number and of a word is the one that is meant by it.
BY_NUMBER: Mapping[str, Card] = MappingProxyType(
    {card.number: card for card in reversed(CARDS) if card.number}
)
TOKENS: Mapping[str, str] = MappingProxyType(
    {
        word: next(card.token for card in CARDS if card.word == word)
        for word in dict.fromkeys(c.word for c in CARDS)
    }
)
# Stripe's test numbers of bank accounts: what each stands for.
ACCOUNTS: Mapping[str, str] = MappingProxyType(
    {
        "000123456789": "pm_usBankAccount_success",
        "000111111113": "pm_usBankAccount_accountClosed",
        "000222222227": "pm_usBankAccount_insufficientFunds",
    }
)


@dataclass(frozen=True, slots=True)
class Wording:
    """How Stripe says a neutral failure."""

    code: str
    decline_code: str | None
    message: str
    type: str = "card_error"


def _declined(decline_code: str, message: str = "Your card was declined.") -> Wording:
    return Wording("card_declined", decline_code, message)


def _debit(code: str, message: str) -> Wording:
    return Wording(code, None, message, "invalid_request_error")


WORDINGS: Mapping[str, Wording] = MappingProxyType(
    {
        "declined": _declined("generic_decline"),
        "do_not_honor": _declined("do_not_honor"),
        "insufficient_funds": _declined("insufficient_funds", "Your card has insufficient funds."),
        "velocity_exceeded": _declined(
            "card_velocity_exceeded", "Your card was declined for too many or too large payments."
        ),
        "issuer_unavailable": _declined("issuer_not_available"),
        "try_again_later": _declined("try_again_later"),
        "lost_card": _declined("lost_card"),
        "stolen_card": _declined("stolen_card"),
        "fraudulent": _declined("fraudulent"),
        "processing_error": Wording(
            "processing_error", "processing_error", "An error occurred while processing your card."
        ),
        "expired_card": Wording("expired_card", "expired_card", "Your card has expired."),
        "incorrect_cvc": Wording("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect."),
        "incorrect_number": Wording("incorrect_number", "incorrect_number", "Your card number is incorrect."),
        "authentication_required": Wording(
            "authentication_required", "authentication_required", "This payment needs authentication."
        ),
        "authentication_failed": Wording(
            "payment_intent_authentication_failure",
            None,
            "The payment method was not authenticated; try again with another one.",
            "invalid_request_error",
        ),
        "method_failed": Wording(
            "payment_intent_payment_attempt_failed",
            None,
            "The payment failed after it was processing.",
            "invalid_request_error",
        ),
        "debit_no_funds": _debit("insufficient_funds", "The bank account has insufficient funds."),
        "debit_account_closed": _debit("account_closed", "The bank account has been closed."),
        "debit_not_authorized": _debit("debit_not_authorized", "The debit was not authorized."),
        "capture_failed": Wording(
            "payment_intent_payment_attempt_failed",
            None,
            "The payment was reversed after it had been captured.",
            "invalid_request_error",
        ),
    }
)


_ADVICE = {"never": "do_not_try_again", "later": "try_again_later", "shopper": "confirm_card_data"}


def wording(failure: Failure) -> Wording:
    """Give Stripe's words for a failure; one it has no word for is declined with the neutral code."""
    return WORDINGS.get(failure.code) or _declined(failure.code)


def advice(failure: Failure) -> str | None:
    """Give what Stripe advises after a card error; it advises nothing where the shopper must authenticate."""
    if wording(failure).type != "card_error" or failure.code == "authentication_required":
        return None
    return _ADVICE.get(failure.advice or "")
