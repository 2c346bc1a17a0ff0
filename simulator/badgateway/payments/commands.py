"""What may be asked of the book: operations of integrations, acts of shoppers, issuers and providers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from badgateway.payments.model import NOTHING, Capture


class CreatePayment(Struct, frozen=True, gc=False):
    """Make a payment; `charge` confirms it in the same breath."""

    id: str
    amount_minor: int
    currency: str
    capture: Capture = Capture.AUTOMATIC
    order_ref: str | None = None
    method: str | None = None
    charge: bool = False
    off_session: bool = False
    error_on_action: bool = False
    confirms_again: bool = False  # a passed challenge does not charge; the next ChargePayment does
    details: Mapping[str, Any] = NOTHING


class UpdatePayment(Struct, frozen=True, gc=False):
    """Change what may be changed before it is charged; None leaves a field as it is."""

    payment_id: str
    amount_minor: int | None = None
    currency: str | None = None
    method: str | None = None
    order_ref: str | None = None
    details: Mapping[str, Any] | None = None  # replaces details


class ChargePayment(Struct, frozen=True, gc=False):
    """Confirm a payment: ask issuer and gateway."""

    payment_id: str
    method: str | None = None
    off_session: bool = False
    error_on_action: bool = False


class CapturePayment(Struct, frozen=True, gc=False):
    """Take held money; None: all of it. A final capture releases the rest."""

    payment_id: str
    amount_minor: int | None = None
    is_final: bool = True
    over_minor: int = 0  # how much more than what is held the provider lets the merchant take


class IncrementAuthorization(Struct, frozen=True, gc=False):
    """Hold more than before; the amount is the new total."""

    payment_id: str
    amount_minor: int


class VoidPayment(Struct, frozen=True, gc=False):
    """Cancel a payment that is not captured; a hold is released."""

    payment_id: str
    reason: str | None = None


class RefundPayment(Struct, frozen=True, gc=False):
    """Give captured money back; None: all that is left. `outcome` is how the bank will take it."""

    id: str
    payment_id: str
    amount_minor: int | None = None
    reason: str | None = None
    outcome: str = "succeeded"  # succeeded | pending | fails_later
    details: Mapping[str, Any] = NOTHING


# Acts: nobody of the integration asked for these.


class Authenticate(Struct, frozen=True, gc=False):
    """The shopper finishes (or fails) the issuer's challenge."""

    payment_id: str
    is_passed: bool = True


class Clear(Struct, frozen=True, gc=False):
    """A pending method gets its outcome; so does a pending refund when `refund_id` is given."""

    payment_id: str
    is_paid: bool = True
    refund_id: str | None = None


class ExpireAuthorization(Struct, frozen=True, gc=False):
    """The hold lapses."""

    payment_id: str


class FailCapture(Struct, frozen=True, gc=False):
    """A capture that was accepted is reversed by the provider."""

    payment_id: str


class FailRefund(Struct, frozen=True, gc=False):
    """A refund that was accepted comes back from the bank."""

    refund_id: str


class OpenDispute(Struct, frozen=True, gc=False):
    """The shopper's bank takes money back; None: all that was captured and not refunded."""

    id: str
    payment_id: str
    amount_minor: int | None = None
    reason: str = "fraudulent"
    is_inquiry: bool = False  # the bank asks first: no money moves
    is_second: bool = False  # the bank does not accept that the merchant has won


class ContestDispute(Struct, frozen=True, gc=False):
    """The merchant hands in evidence, by the day on which it is due."""

    dispute_id: str


class CloseDispute(Struct, frozen=True, gc=False):
    """The dispute is decided."""

    dispute_id: str
    is_won: bool


Command = (
    CreatePayment
    | UpdatePayment
    | ChargePayment
    | CapturePayment
    | IncrementAuthorization
    | VoidPayment
    | RefundPayment
    | Authenticate
    | Clear
    | ExpireAuthorization
    | FailCapture
    | FailRefund
    | OpenDispute
    | ContestDispute
    | CloseDispute
)
