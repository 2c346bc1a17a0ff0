"""The one table of what may be asked of a payment in which status, with the refusal code of what may not."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from badgateway.payments.commands import (
    Authenticate,
    CapturePayment,
    ChargePayment,
    Clear,
    CloseDispute,
    Command,
    ContestDispute,
    ExpireAuthorization,
    FailCapture,
    FailRefund,
    IncrementAuthorization,
    OpenDispute,
    RefundPayment,
    UpdatePayment,
    VoidPayment,
)
from badgateway.payments.model import Payment, Refusal, Status

ALLOWED = ""
WRONG, EMPTY = "wrong_state", "nothing_to_refund"
STATUSES = tuple(Status)

# Columns: NEW, ACTION, PENDING, AUTHORIZED, SUCCEEDED, VOIDED, EXPIRED. What is ALLOWED here may still be
# refused for its amount. `annotate` is an update that leaves amount, currency and method alone.
_ROWS: dict[str, tuple[str, str, str, str, str, str, str]] = {
    "annotate": (ALLOWED, ALLOWED, ALLOWED, ALLOWED, ALLOWED, ALLOWED, ALLOWED),
    "update": (ALLOWED, WRONG, WRONG, WRONG, WRONG, WRONG, WRONG),
    "charge": (ALLOWED, ALLOWED, WRONG, WRONG, WRONG, WRONG, WRONG),
    "authenticate": (WRONG, ALLOWED, WRONG, WRONG, WRONG, WRONG, WRONG),
    "clear": (WRONG, WRONG, ALLOWED, WRONG, WRONG, WRONG, WRONG),
    "capture": (WRONG, WRONG, WRONG, ALLOWED, WRONG, WRONG, WRONG),
    "increment_authorization": (WRONG, WRONG, WRONG, ALLOWED, WRONG, WRONG, WRONG),
    "void": (ALLOWED, ALLOWED, WRONG, ALLOWED, WRONG, WRONG, WRONG),
    "expire_authorization": (WRONG, WRONG, WRONG, ALLOWED, WRONG, WRONG, WRONG),
    "fail_capture": (WRONG, WRONG, WRONG, ALLOWED, ALLOWED, WRONG, WRONG),
    "refund": (EMPTY, EMPTY, EMPTY, ALLOWED, ALLOWED, EMPTY, EMPTY),
    "clear_refund": (WRONG, WRONG, WRONG, ALLOWED, ALLOWED, WRONG, WRONG),
    "fail_refund": (WRONG, WRONG, WRONG, ALLOWED, ALLOWED, WRONG, WRONG),
    "open_dispute": (WRONG, WRONG, WRONG, ALLOWED, ALLOWED, WRONG, WRONG),
    "contest_dispute": (WRONG, WRONG, WRONG, ALLOWED, ALLOWED, WRONG, WRONG),
    "close_dispute": (WRONG, WRONG, WRONG, ALLOWED, ALLOWED, WRONG, WRONG),
}

TABLE: Mapping[tuple[str, Status], str] = MappingProxyType(
    {(kind, status): row[n] for kind, row in _ROWS.items() for n, status in enumerate(STATUSES)}
)

_KINDS: dict[type[object], str] = {
    ChargePayment: "charge",
    Authenticate: "authenticate",
    CapturePayment: "capture",
    IncrementAuthorization: "increment_authorization",
    VoidPayment: "void",
    ExpireAuthorization: "expire_authorization",
    FailCapture: "fail_capture",
    RefundPayment: "refund",
    FailRefund: "fail_refund",
    OpenDispute: "open_dispute",
    ContestDispute: "contest_dispute",
    CloseDispute: "close_dispute",
}


def kind_of(command: Command) -> str:
    """Give the row of the table that a command falls under; `create` has none, there is no payment yet."""
    kind = _KINDS.get(type(command))
    if kind is not None:
        return kind
    match command:
        case UpdatePayment(amount_minor=None, currency=None, method=None):
            return "annotate"
        case UpdatePayment():
            return "update"
        case Clear(refund_id=None):
            return "clear"
        case Clear():
            return "clear_refund"
        case _:
            return "create"


def refusal_for(command: Command, payment: Payment) -> Refusal | None:
    """Say why a payment in this status refuses a command; None where the table allows it."""
    kind = kind_of(command)
    code = TABLE[kind, payment.status]
    if code == ALLOWED:
        return None
    words = kind.replace("_", " ")
    return Refusal(code, f"cannot {words}: the payment is {payment.status}", payment=payment)
