"""Gateways behind Euler that are providers of their own: each attempt is sent to one, in its own language."""

from __future__ import annotations

from collections.abc import Mapping

from badgateway.ground.message import Request
from badgateway.ground.records import changed
from badgateway.payments.decisions import FAILURES
from badgateway.payments.model import Failure, Refusal, Status
from badgateway.providers.base import Account
from badgateway.providers.euler import choosing
from badgateway.providers.euler.acquirer import (
    APPROVED,
    DECLINED,
    PENDING,
    UNAVAILABLE,
    UNKNOWN,
    Charge,
    Result,
    Returned,
    Standing,
)
from badgateway.providers.euler.behind import LOOKS_MS, Behind, Gateway, Sent, name_of
from badgateway.providers.euler.to_adyen import ToAdyen
from badgateway.providers.euler.to_stripe import ToStripe
from badgateway.providers.euler.wires import DECLINED as SAID_NO
from badgateway.providers.euler.wires import DONE, RECEIVED, REFUSED, Read, Wire

WIRES: Mapping[str, Wire] = {"stripe": ToStripe(), "adyen": ToAdyen()}


class Psps:
    """Implements `acquirer.Acquirer` on the gateways behind an account."""

    def __init__(self, account: Account, behind: Behind) -> None:
        self._account, self._behind = account, behind

    def charge(self, charge: Charge) -> Result:
        """Send an attempt to the gateway whose turn it is; one that does not answer leaves it unknown."""
        behind, now_ms = self._behind, self._account.clock.now_ms()
        if not charge.is_onward:
            behind.left[charge.order_id] = choosing.choose(behind, charge, now_ms)
        at, name = behind.left[charge.order_id].pop(0), name_of(charge.order_id, charge.n)
        waiting = Standing(UNKNOWN, at.upper(), None, currency=charge.currency, asked_as=name)
        sent = behind.sent[name] = Sent(
            name, at, charge, waiting, asked_by=self._account.cause, sent_ms=now_ms
        )
        read, is_begun = self._ask(sent, "charge", WIRES[at].charge(sent, behind.gateway(at)))
        if read is None:
            turned = Read(REFUSED, message="the gateway could not be reached")
            read = turned if not is_begun else Read(UNKNOWN)
        self._learn(sent, read)
        standing = sent.standing
        is_there = read.outcome not in {UNKNOWN, REFUSED}
        choosing.note(behind, at, now_ms, is_there=is_there, is_good=standing.outcome == APPROVED)
        if standing.outcome == DECLINED and standing.failure is not None:
            return Result(standing, Refusal("declined", standing.failure.message), is_applied=True)
        return Result(standing, is_applied=True)

    def moves_on(self, order_id: str, standing: Standing) -> bool:
        """Say whether there is another gateway, and the rules let it be asked now."""
        return bool(self._behind.left.get(order_id)) and choosing.moves_on(self._behind, standing)

    def challenged(self, reference: str, *, is_passed: bool) -> Result:  # noqa: ARG002 - the port has it
        """Give how the attempt stands: the gateway's own page asks the shopper, and its webhook tells."""
        return Result(self._sent(reference).standing)

    def capture(self, reference: str, amount_minor: int | None) -> Result:
        """Take held money at the gateway that holds it."""
        sent = self._sent(reference)
        minor = sent.standing.held_minor if amount_minor is None else amount_minor
        read, _ = self._ask(sent, "capture", self._wire(sent).capture(sent, self._gateway(sent), minor))
        return self._modified(sent, read, "capture")

    def void(self, reference: str) -> Result:
        """Release held money at the gateway that holds it."""
        sent = self._sent(reference)
        read, _ = self._ask(sent, "void", self._wire(sent).void(sent, self._gateway(sent)))
        return self._modified(sent, read, "void")

    def refund(self, reference: str, request_id: str | None, amount_minor: int) -> Result:
        """Give money back at the gateway that took it; what nobody has asked for is Euler's own doing."""
        sent, asked = self._sent(reference), request_id or "auto"
        sent.asked |= {request_id} if request_id is not None else set()
        request = self._wire(sent).refund(sent, self._gateway(sent), asked, amount_minor)
        read, _ = self._ask(sent, "refund", request)
        if read is None or read.refund_id is None:
            return Result(sent.standing, _refusal(read))
        if request_id is not None:
            sent.requests[read.refund_id] = request_id
        now_ms, standing = self._account.clock.now_ms(), sent.standing
        if read.refund_id not in {one.id for one in standing.refunds}:
            status = "pending" if read.is_pending else "succeeded"
            made = Returned(read.refund_id, request_id, amount_minor, status, now_ms)
            sent.standing = changed(standing, refunds=(*standing.refunds, made))
            if not read.is_pending:
                back = standing.refunded_minor + amount_minor
                sent.standing = changed(sent.standing, refunded_minor=back)
        return Result(sent.standing, is_applied=True, refund_id=read.refund_id)

    def fetch(self, reference: str) -> Standing | None:
        """Give how an attempt stands as far as it was told; an open one is asked after, once in a call.

        After one that was given up nobody asks in a call, but Euler by itself, a few times and later.
        """
        sent = self._behind.find(reference)
        if sent is None:
            return None
        look_ms = self._look_ms(sent)
        is_late = look_ms is not None and look_ms <= self._account.clock.now_ms()
        is_open = sent.standing.outcome in {UNKNOWN, PENDING} and sent.asked_by != self._account.cause
        if is_late or (is_open and not self._is_given_up(sent)):
            sent.asked_by, sent.looks = self._account.cause, sent.looks + is_late
            request = self._wire(sent).fetch(sent, self._gateway(sent))
            read = self._ask(sent, "fetch", request)[0] if request is not None else None
            if read is not None and read.outcome in {DONE, SAID_NO}:
                self._learn(sent, read)
        return sent.standing

    def next_look_ms(self) -> int | None:
        """Give when the next attempt is asked after that was given up."""
        found = (self._look_ms(sent) for sent in self._behind.sent.values())
        return min((one for one in found if one is not None), default=None)

    def _look_ms(self, sent: Sent) -> int | None:
        """Give when an attempt that was given up is asked after; None: no more, or it cannot be."""
        is_asked = sent.looks < len(LOOKS_MS) and sent.standing.outcome == UNKNOWN and self._is_given_up(sent)
        if not is_asked or self._wire(sent).fetch(sent, self._gateway(sent)) is None:
            return None
        return sent.sent_ms + LOOKS_MS[sent.looks]

    def _is_given_up(self, sent: Sent) -> bool:
        """Say whether another attempt came after it: then it is first the gateway's to tell how it ended."""
        return name_of(sent.charge.order_id, sent.charge.n + 1) in self._behind.sent

    def _ask(self, sent: Sent, op: str, request: Request) -> tuple[Read | None, bool]:
        """Send one request; gives what was read (None: no answer) and whether it can have begun at all."""
        heard = self._gateway(sent).send(request)
        if heard.reply is None:
            return None, heard.is_begun
        return self._wire(sent).read(heard.reply, op, sent), True

    def _learn(self, sent: Sent, read: Read) -> None:
        """Take in what a gateway has said of an attempt."""
        before, sent.question = sent.standing, read.question or sent.question
        if read.outcome == SAID_NO:
            sent.standing = changed(
                before, outcome=DECLINED, reference=read.reference, status=Status.NEW, failure=_failure(read)
            )
        elif read.outcome == REFUSED:
            failure = Failure(choosing.TURNED_AWAY, read.message or "the gateway turned the attempt away")
            sent.standing = changed(before, outcome=DECLINED, status=Status.NEW, failure=failure)
        elif read.outcome == DONE and read.status is not None:
            status = Status(read.status)
            is_open = status in {Status.ACTION, Status.PENDING}
            sent.standing = changed(
                before,
                outcome=PENDING if is_open else APPROVED,
                reference=read.reference,
                status=status,
                approved_minor=max(before.approved_minor, read.held_minor, read.captured_minor),
                held_minor=read.held_minor,
                captured_minor=read.captured_minor,
                asks_shopper=status is Status.ACTION,
                under_way=None,
                asked_as=None if read.reference is not None else before.asked_as,
            )
        if sent.standing.reference is not None:
            self._behind.by_reference[sent.standing.reference] = sent.name

    def _modified(self, sent: Sent, read: Read | None, what: str) -> Result:
        if read is None or read.outcome not in {DONE, RECEIVED}:
            return Result(sent.standing, _refusal(read))
        if read.outcome == DONE:
            self._learn(sent, read)
        else:
            sent.standing = changed(sent.standing, under_way=what)
        return Result(sent.standing, is_applied=True)

    def _sent(self, reference: str) -> Sent:
        found = self._behind.find(reference)
        assert found is not None, "an attempt that has a reference was sent"
        return found

    def _wire(self, sent: Sent) -> Wire:
        return WIRES[sent.gateway]

    def _gateway(self, sent: Sent) -> Gateway:
        return self._behind.gateway(sent.gateway)


def _failure(read: Read) -> Failure:
    known = FAILURES.get(read.code)
    return known or Failure("declined", read.message)


def _refusal(read: Read | None) -> Refusal:
    """Say why nothing is known to be done; whoever asks the same again is answered by the same key."""
    if read is None or read.outcome != REFUSED:
        return Refusal(UNAVAILABLE, "the gateway did not answer")
    return Refusal("wrong_state", read.message or read.code)
