"""Result codes and refusal reasons, the values that ask for them in test, and our neutral failures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

APPROVED, PENDING, CANCELLED = 1, 13, 15


@dataclass(frozen=True, slots=True)
class Reason:
    """One row of Adyen's table: number and text of a refusal, and the neutral failure it stands for."""

    number: int
    text: str
    failure: str = "declined"
    result: str = "Refused"


# Source: Adyen's page on testing result codes. A holder's name or a RequestedTestAcquirerResponseCode asks
# for a row; a name of None means that we know of none.
_ROWS: tuple[tuple[str | None, Reason], ...] = (
    ("UNKNOWN", Reason(0, "Unknown", "processing_error", "Error")),
    ("DECLINED", Reason(2, "Refused")),
    ("REFERRAL", Reason(3, "Referral", "do_not_honor")),
    ("ERROR", Reason(4, "Acquirer Error", "processing_error", "Error")),
    ("BLOCK_CARD", Reason(5, "Blocked Card", "stolen_card")),
    ("CARD_EXPIRED", Reason(6, "Expired Card", "expired_card")),
    ("INVALID_AMOUNT", Reason(7, "Invalid Amount")),
    ("INVALID_CARD_NUMBER", Reason(8, "Invalid Card Number", "incorrect_number")),
    ("ISSUER_UNAVAILABLE", Reason(9, "Issuer Unavailable", "issuer_unavailable")),
    ("NOT_SUPPORTED", Reason(10, "Not supported")),
    ("NOT_3D_AUTHENTICATED", Reason(11, "3D Not Authenticated", "authentication_failed")),
    ("NOT_ENOUGH_BALANCE", Reason(12, "Not enough balance", "insufficient_funds")),
    ("ACQUIRER_FRAUD", Reason(14, "Acquirer Fraud", "fraudulent")),
    ("CANCELLED", Reason(15, "Cancelled", "declined", "Cancelled")),
    ("SHOPPER_CANCELLED", Reason(16, "Shopper Cancelled", "declined", "Cancelled")),
    (None, Reason(17, "Invalid Pin")),
    (None, Reason(18, "Pin tries exceeded")),
    (None, Reason(19, "Pin validation not possible")),
    ("FRAUD", Reason(20, "FRAUD", "fraudulent")),
    (None, Reason(21, "Not Submitted")),
    (None, Reason(22, "FRAUD-CANCELLED", "fraudulent", "Cancelled")),
    ("TRANSACTION_NOT_PERMITTED", Reason(23, "Transaction Not Permitted")),
    ("CVC_DECLINED", Reason(24, "CVC Declined", "incorrect_cvc")),
    ("RESTRICTED_CARD", Reason(25, "Restricted Card")),
    ("REVOCATION_OF_AUTH", Reason(26, "Revocation Of Auth")),
    ("DECLINED_NON_GENERIC", Reason(27, "Declined Non Generic", "do_not_honor")),
    ("WITHDRAWAL_AMOUNT_EXCEEDED", Reason(28, "Withdrawal amount exceeded", "velocity_exceeded")),
    ("WITHDRAWAL_COUNT_EXCEEDED", Reason(29, "Withdrawal count exceeded", "velocity_exceeded")),
    ("ISSUER_SUSPECTED_FRAUD", Reason(31, "Issuer Suspected Fraud", "fraudulent")),
    ("AVS_DECLINED", Reason(32, "AVS Declined")),
    (None, Reason(33, "Card requires online pin")),
    (None, Reason(34, "No checking account")),
    (None, Reason(35, "No savings account")),
    (None, Reason(36, "Mobile pin required")),
    (None, Reason(37, "Contactless fallback")),
    ("AUTHENTICATION_REQUIRED", Reason(38, "Authentication required", "authentication_required")),
    (None, Reason(39, "RReq not received", "authentication_failed")),
    (None, Reason(42, "3DS authentication error", "authentication_failed")),
    (None, Reason(46, "Transaction blocked to prevent excessive retry fees", "try_again_later")),
)
REASONS: Mapping[int, Reason] = MappingProxyType({one.number: one for _, one in _ROWS})
BY_HOLDER: Mapping[str, int] = MappingProxyType(
    {"APPROVED": APPROVED, "PENDING": PENDING, **{name: one.number for name, one in _ROWS if name}}
)
# What each neutral failure is called where no trigger named a row.
_USUAL: Mapping[str, int] = MappingProxyType(
    {
        "declined": 2,
        "do_not_honor": 27,
        "insufficient_funds": 12,
        "velocity_exceeded": 28,
        "issuer_unavailable": 9,
        "try_again_later": 9,
        "processing_error": 4,
        "lost_card": 5,
        "stolen_card": 5,
        "fraudulent": 20,
        "expired_card": 6,
        "incorrect_cvc": 24,
        "incorrect_number": 8,
        "authentication_required": 38,
        "authentication_failed": 11,
    }
)


def asked_for(holder: object, requested: object) -> int | None:
    """Give the row that a test payment asks for by its holder's name or by a number; None: no row."""
    text = str(requested).strip() if isinstance(requested, str | int) else ""
    if text.isdecimal() and (int(text) in REASONS or int(text) in {APPROVED, PENDING}):
        return int(text)
    name = holder.partition(":")[0].strip() if isinstance(holder, str) else ""
    return BY_HOLDER.get(name)


def reason_of(failure: str, asked: int | None) -> Reason:
    """Give the row of a failure: the one that was asked for where it means just that, or the usual one."""
    wanted = REASONS.get(asked) if asked is not None else None
    if wanted is not None and wanted.failure == failure:
        return wanted
    return REASONS[_USUAL.get(failure, 2)]
