"""The book of one provider account: it carries commands out, whole or not at all, and remembers them."""

from __future__ import annotations

from collections.abc import Callable

from badgateway.ground.attic import Attic
from badgateway.ground.chronicle import Chronicle, Series
from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.payments import capturing, charging, returning
from badgateway.payments.agenda import Agenda
from badgateway.payments.change import Change, Setting, Step
from badgateway.payments.commands import (
    Authenticate,
    CapturePayment,
    ChargePayment,
    Clear,
    CloseDispute,
    Command,
    ContestDispute,
    CreatePayment,
    ExpireAuthorization,
    FailCapture,
    FailRefund,
    IncrementAuthorization,
    OpenDispute,
    RefundPayment,
    UpdatePayment,
    VoidPayment,
)
from badgateway.payments.decisions import DAY_MS
from badgateway.payments.ledger import Ledger
from badgateway.payments.model import (
    Attempt,
    Decision,
    Dispute,
    Happening,
    LedgerEntry,
    Outcome,
    Payment,
    Refund,
    Refusal,
    Status,
)
from badgateway.payments.replica import Past, Replica, Was
from badgateway.payments.settlement import Settlement
from badgateway.payments.transitions import kind_of, refusal_for

PaymentCommand = (
    UpdatePayment
    | ChargePayment
    | Authenticate
    | Clear
    | CapturePayment
    | IncrementAuthorization
    | VoidPayment
    | ExpireAuthorization
    | FailCapture
    | RefundPayment
    | OpenDispute
)

# The payment that a command was about, as it was (None: there is none yet), and what the command comes to.
_WorkedOut = tuple[Payment | None, Change | Refusal]

AUTHORIZATION_MS = 7 * DAY_MS
APPROVED = Decision()
_WAITS = frozenset({Status.ACTION, Status.PENDING})  # for the shopper, or for the outcome
_ENDS = frozenset({Status.PENDING, Status.AUTHORIZED})  # by itself, when its time has come
_OPEN = _WAITS | _ENDS  # of no other payment is anything planned


class Book:
    """Payments, refunds, disputes and the ledger behind them. Synchronous; nothing in it ever waits.

    What is older than the attic's bound is kept in a file, and is as much at hand as the rest.
    `decide` says what issuer and gateway answer to a charge of this payment (its `method` is set); without it
    all is approved. `decide_next` overrides it for the next charge that reaches the issuer, once.
    """

    def __init__(
        self,
        clock: Clock,
        ids: Ids,
        *,
        is_strict: bool = True,
        decide: Callable[[Payment], Decision] | None = None,
        authorization_ms: int = AUTHORIZATION_MS,
        attic: Attic | None = None,
    ) -> None:
        self.decide = decide
        self.decide_next: Decision | None = None
        self.is_strict = is_strict
        self._clock = clock
        self._ids = ids
        self._authorization_ms = authorization_ms
        self.attic = attic or Attic()
        self._payments: Chronicle[Payment] = Chronicle(self.attic)
        self.share(Ledger(self.attic))
        self._refunds: Chronicle[Refund] = Chronicle(self.attic)
        self._disputes: Chronicle[Dispute] = Chronicle(self.attic)
        self._attempts: Chronicle[str] = Chronicle(self.attic)  # attempt id -> payment id
        self._parts: Chronicle[tuple[str, ...]] = Chronicle(self.attic)  # payment id -> refunds and disputes
        self._waits: dict[str, Decision] = {}
        self._agenda = Agenda()
        self._past = Past()
        self.undrained: list[Happening] = []  # what happened since the last drain

    def share(self, ledger: Ledger) -> None:
        """Post to a ledger to which other books post as well; to be said before anything happens here."""
        self.ledger = ledger
        self.settlement = Settlement(ledger, self._clock, self._ids, self._payments.__contains__)

    def do(self, command: Command, cause: str) -> Outcome:
        """Carry out a command; the cause is a call's id, or act:<kind>. A refused one changes nothing.

        A decline is a refusal too, but one that is_applied: it leaves a failed attempt and a payment.failed.
        """
        setting = Setting(
            now_ms=self._clock.now_ms(),
            is_strict=self.is_strict,
            authorization_ms=self._authorization_ms,
            new_id=self._ids.make,
            decide=self._ask_issuer,
        )
        before, change = self._work_out(command, setting)
        if isinstance(change, Refusal):
            return Outcome(payment=change.payment, refusal=change)
        return self._commit(change, before, cause, setting.now_ms)

    def payment(self, payment_id: str) -> Payment | None:
        """Give a payment as it is now, or None."""
        found: Payment | None = self._payments.get(payment_id)
        return found

    def payment_of_attempt(self, attempt_id: str) -> Payment | None:
        """Give the payment that was tried to be charged by an attempt, or None."""
        return self.payment(self._attempts.get(attempt_id, ""))

    def refund(self, refund_id: str) -> Refund | None:
        """Give a refund as it is now, or None."""
        found: Refund | None = self._refunds.get(refund_id)
        return found

    def dispute(self, dispute_id: str) -> Dispute | None:
        """Give a dispute as it is now, or None."""
        found: Dispute | None = self._disputes.get(dispute_id)
        return found

    def payments(self) -> Series[Payment]:
        """Give all payments, oldest first; they are read only as far as they are gone through."""
        return Series(self._payments)

    def attempts(self) -> Series[tuple[Attempt, Payment]]:
        """Give all attempts with their payments, oldest first, in the same way."""
        return Series(self._attempts, self._attempt)

    def refunds(self) -> Series[Refund]:
        """Give all refunds, oldest first, in the same way."""
        return Series(self._refunds)

    def disputes(self) -> Series[Dispute]:
        """Give all disputes, oldest first, in the same way."""
        return Series(self._disputes)

    def refunds_of(self, payment_id: str) -> tuple[Refund, ...]:
        """Give the refunds of one payment, oldest first."""
        parts = self._parts.get(payment_id)
        if parts is None:
            return ()
        return tuple(one for one in map(self._refunds.get, parts) if one is not None)

    def disputes_of(self, payment_id: str) -> tuple[Dispute, ...]:
        """Give the disputes of one payment, oldest first."""
        if not self._disputes:
            return ()  # as in most books, and this is asked about every charge that is shown
        parts = self._parts.get(payment_id)
        if parts is None:
            return ()
        return tuple(one for one in map(self._disputes.get, parts) if one is not None)

    def behind(self, changes: int, *named: str) -> Replica:
        """Give the book as it was before so many of the newest changes of a payment, or of all payments.

        `named` are ids: the first that is of a payment, or of an attempt, refund or dispute of it, counts.
        """
        return self._past.before(changes, self, next(filter(None, map(self._payment_of, named)), None))

    def drain(self) -> tuple[Happening, ...]:
        """Give what happened since the last drain, in ledger order."""
        if not self.undrained:
            return ()
        drained, self.undrained = tuple(self.undrained), []
        return drained

    def next_due_ms(self, *, with_expiry: bool = True) -> int | None:
        """Give the virtual moment at which the provider next does something by itself, or None.

        Without expiry, holds that will lapse are left out: nobody waits a week for nothing to happen.
        """
        return self._agenda.next_ms(with_expiry=with_expiry)

    def run_due(self) -> tuple[Outcome, ...]:
        """Do everything that is due by now, earliest first, with the cause act:<kind>."""
        outcomes = []
        now_ms = self._clock.now_ms()
        # A thing that is due plans nothing that is due again by now, so this ends.
        while due := self._agenda.take(now_ms):
            outcomes.append(self.do(due.command, f"act:{kind_of(due.command)}"))
        return tuple(outcomes)

    def _work_out(self, command: Command, setting: Setting) -> _WorkedOut:
        match command:
            case CreatePayment():
                if command.id in self._payments:
                    return None, _taken("payment", command.id)
                return None, charging.create(command, setting)
            case ChargePayment():
                return self._for_payment(command, setting)
            case FailRefund(refund_id=refund_id) | Clear(refund_id=str(refund_id)):
                return self._for_refund(command, refund_id)
            case CloseDispute() | ContestDispute():
                return self._for_dispute(command, setting)
            case _:
                return self._for_payment(command, setting)

    def _for_refund(self, command: FailRefund | Clear, refund_id: str) -> _WorkedOut:
        refund = self._refunds.get(refund_id)
        if refund is None:
            return None, _unknown("refund", refund_id)
        if isinstance(command, Clear) and command.payment_id != refund.payment_id:
            return None, _unknown("payment", command.payment_id)
        payment = self._payments[refund.payment_id]
        refused = refusal_for(command, payment)
        if refused:
            return payment, refused
        if isinstance(command, Clear):
            return payment, returning.clear_refund(payment, refund, command)
        return payment, returning.fail_refund(payment, refund)

    def _for_dispute(self, command: CloseDispute | ContestDispute, setting: Setting) -> _WorkedOut:
        dispute = self._disputes.get(command.dispute_id)
        if dispute is None:
            return None, _unknown("dispute", command.dispute_id)
        payment = self._payments[dispute.payment_id]
        refused = refusal_for(command, payment)
        if refused:
            return payment, refused
        if isinstance(command, ContestDispute):
            return payment, returning.contest_dispute(payment, dispute, setting)
        return payment, returning.close_dispute(payment, dispute, command)

    def _for_payment(self, command: PaymentCommand, setting: Setting) -> _WorkedOut:
        payment = self._payments.get(command.payment_id)
        if payment is None:
            return None, _unknown("payment", command.payment_id)
        match command:
            case RefundPayment(id=made) if made in self._refunds:
                return payment, _taken("refund", made)
            case OpenDispute(id=made) if made in self._disputes:
                return payment, _taken("dispute", made)
        return payment, refusal_for(command, payment) or self._handle(command, payment, setting)

    def _handle(self, command: PaymentCommand, payment: Payment, setting: Setting) -> Change | Refusal:
        match command:
            case ChargePayment():
                return charging.charge(payment, command, setting)
            case RefundPayment():
                return returning.refund(payment, command, setting)
            case OpenDispute():
                return returning.open_dispute(payment, command, setting)
            case UpdatePayment() | Authenticate() | Clear():
                return charging.handle(payment, command, self._waits.get(payment.id, APPROVED), setting)
            case _:
                return capturing.handle(payment, command, setting)

    def _ask_issuer(self, payment: Payment) -> Decision:
        if self.decide_next is not None:
            decided, self.decide_next = self.decide_next, None
            return decided
        return self.decide(payment) if self.decide else APPROVED

    def _commit(self, change: Change, found: Payment | None, cause: str, now_ms: int) -> Outcome:
        payment, before = change.payment, found
        for attempt in payment.attempts[len(found.attempts) if found else 0 :]:
            self._attempts.add(attempt.id, payment.id)
        happenings = []
        for step in change.steps:
            happenings.append(self._take(step, before, cause, now_ms))
            before = step.payment
        if not happenings:
            self._past.keep(Was(payment.id, before))
        if found is None:
            self._payments.add(payment.id, payment)
        else:
            self._payments[payment.id] = payment
        was_open = found is not None and found.status in _OPEN
        if was_open or change.dues or change.waits_for is not None:
            self._plan(change, found)
        self.undrained += happenings
        last = happenings[-1] if happenings else None
        return Outcome(
            payment=payment,
            refund=last.refund if last else None,
            dispute=last.dispute if last else None,
            refusal=change.refusal,
            happenings=tuple(happenings),
            is_applied=True,
        )

    def _plan(self, change: Change, found: Payment | None) -> None:
        """Plan what will happen by itself, and forget what was planned and will not."""
        payment = change.payment
        if change.waits_for is not None:
            self._waits[payment.id] = change.waits_for
        elif found is not None and payment.status not in _WAITS:
            self._waits.pop(payment.id, None)
        if found is not None and payment.status not in _ENDS:
            self._agenda.drop(payment.id)
        for due in change.dues:
            self._agenda.put(due)

    def _attempt(self, attempt_id: str, payment_id: str) -> tuple[Attempt, Payment]:
        payment = self._payments[payment_id]
        return next(one for one in payment.attempts if one.id == attempt_id), payment

    def _payment_of(self, known: str) -> str | None:
        part: Refund | Dispute | None = self._refunds.get(known) or self._disputes.get(known)
        if part is not None:
            return part.payment_id
        paid_by: str | None = self._attempts.get(known)
        return paid_by if known not in self._payments else known

    def _take(self, step: Step, before: Payment | None, cause: str, now_ms: int) -> Happening:
        payment, refund, dispute = step.payment, step.refund, step.dispute
        part = refund or dispute
        if part is None:
            self._past.keep(Was(payment.id, before))
        else:
            known = self._refunds.get(part.id), self._disputes.get(part.id)
            self._past.keep(Was(part.payment_id, before, part.id, *known))
        entries: tuple[LedgerEntry, ...] = ()
        for move in step.moves:
            entry = self.ledger.post(
                move, payment_id=payment.id, currency=payment.currency, cause=cause, at_ms=now_ms
            )
            entries = (*entries, entry)
        if refund is not None:
            self._note(payment.id, refund.id)
            self._refunds[refund.id] = refund
            self._agenda.drop(refund.id)
        if dispute is not None:
            self._note(payment.id, dispute.id)
            self._disputes[dispute.id] = dispute
            if not dispute.is_inquiry:
                self._agenda.drop(dispute.id)  # somebody has acted; what is due now is planned anew
        return Happening(step.name, payment, before, refund, dispute, entries, cause, now_ms)

    def _note(self, payment_id: str, part_id: str) -> None:
        known: tuple[str, ...] = self._parts.get(payment_id, ())
        if part_id not in known:
            self._parts[payment_id] = (*known, part_id)


def _unknown(what: str, wanted: str) -> Refusal:
    return Refusal("unknown_object", f"no such {what}: {wanted}", what)


def _taken(what: str, wanted: str) -> Refusal:
    return Refusal("invalid", f"there is a {what} {wanted} already", "id")
