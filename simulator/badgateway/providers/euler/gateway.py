"""The one gateway of an account that routes to no other: it moves money on the account's own book."""

from __future__ import annotations

from functools import partial

from badgateway.payments.commands import (
    Authenticate,
    CapturePayment,
    Command,
    CreatePayment,
    RefundPayment,
    VoidPayment,
)
from badgateway.payments.decisions import refund_outcome
from badgateway.payments.model import Capture, Dispute, Outcome, Payment, Refund, Status
from badgateway.providers.base import Account
from badgateway.providers.euler.acquirer import (
    APPROVED,
    DECLINED,
    PENDING,
    Charge,
    Disputed,
    Result,
    Returned,
    Standing,
)
from badgateway.providers.euler.instruments import Instrument, decide

NAME = "DUMMY"


class OwnGateway:
    """Implements `acquirer.Acquirer` on the book of one account."""

    def __init__(self, account: Account, instruments: dict[str, Instrument]) -> None:
        self._account, self._instruments = account, instruments
        if account.book.decide is None:
            account.book.decide = partial(decide, known=instruments)

    def charge(self, charge: Charge) -> Result:
        """Make a payment and charge it, under a reference that is made of the order's."""
        return self._do(
            CreatePayment(
                id=reference_of(charge.order_id, charge.n),
                amount_minor=charge.amount_minor,
                currency=charge.currency,
                capture=Capture.MANUAL if charge.is_manual else Capture.AUTOMATIC,
                order_ref=charge.texts,
                method=charge.method,
                charge=True,
            )
        )

    def challenged(self, reference: str, *, is_passed: bool) -> Result:
        """Go on after the challenge."""
        return self._do(Authenticate(reference, is_passed))

    def capture(self, reference: str, amount_minor: int | None) -> Result:
        """Take held money."""
        return self._do(CapturePayment(reference, amount_minor))

    def void(self, reference: str) -> Result:
        """Release a hold."""
        return self._do(VoidPayment(reference))

    def refund(self, reference: str, request_id: str | None, amount_minor: int) -> Result:
        """Give money back; the card says how the bank will take it."""
        payment: Payment | None = self._account.book.payment(reference)
        known = self._instruments.get((payment.method if payment else None) or "")
        return self._do(
            RefundPayment(
                f"rfd{self._account.ids.make('refund', 17)}",
                reference,
                amount_minor,
                outcome=refund_outcome(known.word if known else None),
                details={"unique_request_id": request_id},
            )
        )

    def moves_on(self, order_id: str, standing: Standing) -> bool:  # noqa: ARG002 - the port has them
        """Say no: there is no other gateway."""
        return False

    def fetch(self, reference: str) -> Standing | None:
        """Read how an attempt stands in the book."""
        payment: Payment | None = self._account.book.payment(reference)
        return standing_of(payment, self._account) if payment is not None else None

    def _do(self, command: Command) -> Result:
        outcome: Outcome = self._account.book.do(command, self._account.cause)
        made = outcome.payment or (outcome.refusal.payment if outcome.refusal else None)
        now = self._account.book.payment(made.id) if made is not None else None
        standing = standing_of(now, self._account) if now is not None else Standing(DECLINED, NAME, None)
        refund_id = outcome.refund.id if outcome.refund is not None else None
        return Result(standing, outcome.refusal, outcome.is_applied, refund_id)


def reference_of(order_id: str, n: int) -> str:
    """Give what this gateway calls an attempt: the first as the order, further ones with their number."""
    return order_id if n == 1 else f"{order_id}.{n}"


def standing_of(
    payment: Payment, account: Account, refund: Refund | None = None, dispute: Dispute | None = None
) -> Standing:
    """Give how a payment stands; the refund and the dispute, where they are given, stand as they say."""
    book, attempt = account.book, payment.attempts[-1] if payment.attempts else None
    refunds = {one.id: one for one in (*book.refunds_of(payment.id), *((refund,) if refund else ()))}
    disputes = {one.id: one for one in (*book.disputes_of(payment.id), *((dispute,) if dispute else ()))}
    is_reversed = payment.failure is not None and payment.failure.code == "capture_failed"
    return Standing(
        outcome=_outcome(payment, is_reversed=is_reversed),
        gateway=NAME,
        reference=payment.id,
        status=payment.status,
        approved_minor=attempt.amount_minor if attempt is not None else 0,
        held_minor=payment.held_minor,
        captured_minor=payment.captured_minor,
        refunded_minor=payment.refunded_minor,
        currency=payment.currency,
        failure=payment.failure,
        asks_shopper=payment.status is Status.ACTION,
        is_reversed=is_reversed,
        refunds=tuple(_returned(one) for one in refunds.values()),
        disputes=tuple(_disputed(one) for one in disputes.values()),
    )


def _outcome(payment: Payment, *, is_reversed: bool) -> str:
    if payment.status is Status.NEW and not is_reversed:
        return DECLINED if payment.failure is not None else PENDING  # just made, and not asked for yet
    return PENDING if payment.status in {Status.ACTION, Status.PENDING} else APPROVED


def _returned(refund: Refund) -> Returned:
    status = "failed" if refund.status == "cancelled" else refund.status
    asked = refund.details.get("unique_request_id")
    return Returned(refund.id, asked, refund.amount_minor, status, refund.created_ms)


def _disputed(dispute: Dispute) -> Disputed:
    return Disputed(
        dispute.id,
        dispute.amount_minor,
        dispute.status,
        dispute.reason,
        dispute.created_ms,
        is_question=dispute.is_inquiry,
    )
