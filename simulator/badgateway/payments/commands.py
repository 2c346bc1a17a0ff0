"""What may be asked of the book: operations of integrations, acts of shoppers, issuers and providers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from badgateway.ground.records import quickly_made
from badgateway.payments.model import Capture, nothing


@quickly_made
@dataclass(frozen=True, slots=True)
class CreatePayment:
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
    details: Mapping[str, Any] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class UpdatePayment:
    """Change what may be changed before it is charged; None leaves a field as it is."""

    payment_id: str
    amount_minor: int | None = None
    currency: str | None = None
    method: str | None = None
    order_ref: str | None = None
    details: Mapping[str, Any] | None = None  # replaces details


@quickly_made
@dataclass(frozen=True, slots=True)
class ChargePayment:
    """Confirm a payment: ask issuer and gateway."""

    payment_id: str
    method: str | None = None
    off_session: bool = False
    error_on_action: bool = False


@dataclass(frozen=True, slots=True)
class CapturePayment:
    """Take held money; None: all of it. A final capture releases the rest."""

    payment_id: str
    amount_minor: int | None = None
    is_final: bool = True
    over_minor: int = 0  # how much more than what is held the provider lets the merchant take


@dataclass(frozen=True, slots=True)
class IncrementAuthorization:
    """Hold more than before; the amount is the new total."""

    payment_id: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class VoidPayment:
    """Cancel a payment that is not captured; a hold is released."""

    payment_id: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class RefundPayment:
    """Give captured money back; None: all that is left. `outcome` is how the bank will take it."""

    id: str
    payment_id: str
    amount_minor: int | None = None
    reason: str | None = None
    outcome: str = "succeeded"  # succeeded | pending | fails_later
    details: Mapping[str, Any] = field(default_factory=nothing)


# Acts: nobody of the integration asked for these.


@dataclass(frozen=True, slots=True)
class Authenticate:
    """The shopper finishes (or fails) the issuer's challenge."""

    payment_id: str
    is_passed: bool = True


@dataclass(frozen=True, slots=True)
class Clear:
    """A pending method gets its outcome; so does a pending refund when `refund_id` is given."""

    payment_id: str
    is_paid: bool = True
    refund_id: str | None = None


@dataclass(frozen=True, slots=True)
class ExpireAuthorization:
    """The hold lapses."""

    payment_id: str


@dataclass(frozen=True, slots=True)
class FailCapture:
    """A capture that was accepted is reversed by the provider."""

    payment_id: str


@dataclass(frozen=True, slots=True)
class FailRefund:
    """A refund that was accepted comes back from the bank."""

    refund_id: str


@dataclass(frozen=True, slots=True)
class OpenDispute:
    """The shopper's bank takes money back; None: all that was captured and not refunded."""

    id: str
    payment_id: str
    amount_minor: int | None = None
    reason: str = "fraudulent"
    is_inquiry: bool = False  # the bank asks first: no money moves
    is_second: bool = False  # the bank does not accept that the merchant has won


@dataclass(frozen=True, slots=True)
class ContestDispute:
    """The merchant hands in evidence, by the day on which it is due."""

    dispute_id: str


@dataclass(frozen=True, slots=True)
class CloseDispute:
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
