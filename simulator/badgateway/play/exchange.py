"""One call of the integration to a provider: parse → faults → book → faults → render; no sockets."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import Any

from badgateway.contract.sightings import Asked
from badgateway.faults.base import AFTER_COMMIT, BEFORE_COMMIT, CONNECT, Effect, Fault
from badgateway.faults.decide import Decide
from badgateway.faults.lag import Lag
from badgateway.ground.clock import monotonic_ms
from badgateway.ground.latch import Latch
from badgateway.ground.message import Reply, Request
from badgateway.ground.mutation import Mutated
from badgateway.ground.records import changed
from badgateway.payments.decisions import decision
from badgateway.payments.idempotency import Fresh, InFlight, Replay
from badgateway.plan.model import PlannedFault
from badgateway.play.account import Account
from badgateway.play.claiming import claim
from badgateway.play.keeping import keep_request
from badgateway.play.locking import is_locked_out
from badgateway.play.planting import with_canary
from badgateway.play.reading import LOOKS, look
from badgateway.play.recording import ANSWERED, journal_arrival, journal_commit, retry_after_ms
from badgateway.play.scripting import ISSUER, follow_script
from badgateway.play.telling import tell
from badgateway.play.world import World
from badgateway.providers.base import Answer, Dialect, Locks, Parsed

READS = (*LOOKS, None)


class Call:
    """Implements `play.seam.Exchange` for one world."""

    is_hop = False  # made within another call, at the end of which everything is told
    is_committed = False
    is_lingering = False  # its answer takes as long as a fault says: nobody waits for it
    is_fatal = False  # the process that asked is to die before it is answered
    _carrier: asyncio.Task[object] | None = None  # of a lingering one
    _is_let_go = False
    _answer: Answer | None = None
    _effect: Effect | None = None
    _true_body: bytes | None = None
    _sighting: Asked | None = None  # what is held against the provider's contract
    _parked_ms = 0.0
    _is_over = _holds_key = _is_old = False
    is_at_exit = is_settled = False
    # Each is there where somebody waits for it: at a gate in a play, or for what the call has come to.
    _in: Latch | None = None
    _out: Latch | None = None
    _at_exit: Latch | None = None
    _settled: Latch | None = None

    def __init__(
        self,
        world: World,
        request: Request,
        parsed: Parsed,
        dialect: Dialect | None = None,
        by: str | None = None,
        account: Account | None = None,
    ) -> None:
        """Take a call in, of the first provider if none is said; `by`: who calls, if not the integration.

        `account`: whose key it came with, where that was looked up before.
        """
        world.arrivals += 1
        self.world, self.parsed = world, parsed
        self.dialect = dialect = dialect or world.dialect
        if account is None and parsed.is_open:
            account = world.account_of_page(parsed.other_ids, dialect)
        self.account = account = account or world.account_of_key(parsed.credential, dialect)
        is_from_outside = by is None  # what comes of another call comes again when that one does
        self.by = by = by or account.held_by
        self.id = f"call{world.arrivals}"
        self.arrival = world.arrivals
        self.is_moving = is_free = world.is_free
        order, is_ours = None, False
        if world.has_story:
            order, is_ours = _order_of(world, parsed, account)
        self.order = order
        self.op, self.is_asking_only = parsed.op, request.method == "GET"
        self.n, self.own_n = world.dossiers.count_each(order, *_counted_as(parsed.op, by, dialect.name))
        self.is_parked = not is_free
        if not is_free:
            self._in, self._out = Latch(), Latch()
        world.asked += parsed.op not in READS
        world.gates.arrive(self)
        journal_arrival(self, request, is_ours=is_ours)
        if is_from_outside and world.is_kept:
            keep_request(world, self.id, order, request, parsed, account)
        if by is None and not is_free:
            self._sighting = world.seen_of[dialect.name].ask(self.id, order, request)

    @property
    def provider(self) -> str:
        """Give the name of the provider that is called."""
        return self.dialect.name

    @property
    def canonical(self) -> tuple[str, str, int]:
        """Give the place of this call among calls that are parked at the same time."""
        return self.order or "", self.op or "", self.n

    @property
    def at_exit(self) -> Latch:
        """Give what opens when it has come to its second gate, or is answered without."""
        if self._at_exit is None:
            self._at_exit = Latch(is_open=self.is_at_exit)
        return self._at_exit

    @property
    def settled(self) -> Latch:
        """Give what opens when nobody need wait for its answer any more."""
        if self._settled is None:
            self._settled = Latch(is_open=self.is_settled)
        return self._settled

    def let_in(self) -> None:
        """Open the first gate."""
        self.is_parked, self.is_moving = False, True
        if self._in is not None:
            self._in.set()

    def let_out(self) -> None:
        """Open the second gate."""
        self.is_moving = True
        if self._out is not None:
            self._out.set()

    def let_go(self) -> None:
        """End it where a fault still keeps it waiting: the play is over, and others need who asked."""
        self.let_in()
        self.let_out()
        self._is_let_go = True
        if self._carrier is not None and not self._is_over:
            self._carrier.cancel()

    def carried_by(self, carrier: asyncio.Task[object]) -> None:
        """Know what is to be ended with the play, while a fault keeps this waiting."""
        self._carrier = carrier
        if self._is_let_go:
            carrier.cancel()

    async def admit(self) -> Effect | None:
        """Wait at the first gate; a fault before the commit answers instead of the provider."""
        world = self.world
        if self._in is not None and not world.is_free:
            await self._wait(self._in)
        return None if world.faults.is_quiet else self.enter()

    def enter(self) -> Effect | None:
        """Come in at the provider, or be struck by a fault before the commit."""
        struck = self.world.faults.striking(self, CONNECT, BEFORE_COMMIT)
        if struck is None:
            return None
        is_begun = struck[0].phase == BEFORE_COMMIT
        if is_begun:
            self._begin_key()
        effect = self._strike(*struck, self.dialect.server_error(500, self.account))
        if is_begun and self.is_lingering:
            self.world.gates.at_work[self] = None
        if self._holds_key and effect.is_stored and effect.reply is not None:
            self._holds_key = False
            stored = Answer(effect.reply, is_final=False)
            self.account.keys.finish(self.parsed.key, stored, is_stored=True)
        return effect

    def commit(self) -> Reply:
        """Let the provider do it. Never waits."""
        world, account = self.world, self.account
        account.cause, account.request_id = self.id, world.ids.make("request", 14)
        self.is_committed = True
        if world.faults.skews and (skewed := world.faults.skewing()) is not None:
            self._journal_fault(skewed)
        known: object = account.keys.begin(self.parsed.key, self.parsed.fingerprint, world.key_clock_ms())
        match known:
            case Fresh() if world.gates.at_work and isinstance(self.dialect, Locks) and is_locked_out(self):
                account.keys.abandon(self.parsed.key)
                return self._refuse(self.dialect.object_locked(account), "object_locked")
            case Fresh():
                try:
                    answer = self._execute()
                except BaseException:
                    # Where that is our bug the key is free again, or who repeats it is told of no bug.
                    account.keys.abandon(self.parsed.key)
                    raise
            case Replay():
                self._answer = known.stored
                journal_commit(self, known.stored, is_applied=False, is_replayed=True)
                return self.dialect.replayed(known.stored, account)
            case InFlight():
                return self._refuse(self.dialect.key_in_flight(account), "key_in_flight")
            case _:
                return self._refuse(self.dialect.key_reused(self.parsed, account), "key_reused")
        account.keys.finish(self.parsed.key, answer, is_stored=answer.is_stored)
        self._answer = answer
        world.changes += int(answer.is_applied and self.op not in READS)
        journal_commit(self, answer, is_applied=answer.is_applied, is_old=self._is_old)
        if not self.is_hop:
            tell(world)
        return answer.reply

    async def release(self, reply: Reply) -> Effect:
        """Wait at the second gate; a fault after the commit shapes the answer."""
        self.is_moving = False
        self.is_at_exit = True
        if self._at_exit is not None:
            self._at_exit.set()
        if self.world.gates.awaited is not None:
            self.world.gates.note()
        if self._out is not None and not self.world.is_free:
            await self._wait(self._out)
        return self.leave(reply)

    def leave(self, true: Reply) -> Effect:
        """Go out with the true answer, or with what a fault after the commit makes of it."""
        world = self.world
        reply = with_canary(world, true) if world.plan.canary else true
        self._true_body = reply.body
        struck = None if world.faults.is_quiet else world.faults.striking(self, AFTER_COMMIT)
        if struck is None:
            if self._sighting is not None:
                self._sighting.reply = true
            self._effect = Effect(reply)
            return self._effect
        effect = self._strike(*struck, reply)
        if effect.is_stored and effect.reply is not None:
            self.account.keys.overwrite(self.parsed.key, Answer(effect.reply, is_final=False))
        return effect

    def finished(self, *, is_complete: bool, bytes_sent: int) -> None:  # noqa: ARG002 - the seam tells both
        """Journal what was handed to the transport, once."""
        if self._is_over:
            return
        self._is_over = True
        self.is_parked = self.is_moving = False
        effect = self._effect
        reply = effect.reply if is_complete and effect is not None else None
        is_true = reply is not None and self._true_body is not None and reply.body == self._true_body
        if reply is not None and effect is not None and effect.mutation is not None:
            is_true = effect.mutation.is_telling
        try:
            self.world.journal.note(
                ANSWERED,
                self.order,
                (
                    self.id,
                    reply.status if reply is not None else None,
                    effect.fault if effect is not None else None,
                    is_complete,
                    is_true if reply is not None else None,
                    round(self._parked_ms, 1),
                    self._answer.payment_status if is_true and self._answer is not None else None,
                    retry_after_ms(reply) if reply is not None else None,
                ),
            )
        finally:
            # Whoever waits for this call goes on, and meets the full disk himself.
            if self._holds_key:
                self.account.keys.abandon(self.parsed.key)
            self.is_at_exit = self.is_settled = True
            for awaited in (self._at_exit, self._settled):
                if awaited is not None:
                    awaited.set()
            self.world.gates.leave(self)

    def _begin_key(self) -> None:
        """Let the provider see the key of a request it never comes to: a second one meets it in flight."""
        keys = self.account.keys
        known = keys.begin(self.parsed.key, self.parsed.fingerprint, self.world.key_clock_ms())
        self._holds_key = isinstance(known, Fresh)

    def _execute(self) -> Answer:
        world, account, faults = self.world, self.account, self.world.faults
        if self.op in LOOKS:
            lag = None if faults.is_quiet else faults.striking(self, BEFORE_COMMIT, do=Lag.name)
            if lag is None:
                answer = self.dialect.answer(self.parsed, account)
            else:
                seen = look(self.parsed, account, self.dialect, lag)
                if seen.fault is not None:
                    self._journal_fault(seen.fault)
                self._is_old, answer = seen.is_old, seen.answer
            if self.order is not None:
                self._own(answer, self.order)
            return answer
        struck = None if faults.is_quiet else faults.striking(self, BEFORE_COMMIT, do=Decide.name)
        if struck is not None:
            fault = struck[1]
            assert isinstance(fault, Decide), "only decide is looked up as a decision"
            words: dict[str, Any] = dict(fault.decision())
            account.book.decide_next = decision(**words)
        is_scripted = (
            struck is None
            and self.order is not None
            and follow_script(world, account, self.order, self.parsed)
        )
        if not self.is_hop:
            world.answering = self.id
        try:
            answer = self.dialect.answer(self.parsed, account)
        finally:
            world.answering = world.answering if self.is_hop else None
        if is_scripted and account.book.decide_next is None:
            world.count(self.order, ISSUER)
        # A call that never came to the issuer leaves the decision unused, and the fault did not fire.
        if struck is not None and account.book.decide_next is None:
            self._journal_fault(struck[0])
        account.book.decide_next = None
        if self.order is not None:
            self._own(answer, self.order)
        return answer

    def _own(self, answer: Answer, order: str) -> None:
        world, book = self.world, self.account.book
        world.own(answer.refund_id, order)
        if answer.is_applied and world.plan.behind:
            # Its own books are empty: what it calls an order is known by what it was asked.
            for known in self.parsed.other_ids:
                world.own(known, order)
        payment = book.payment(answer.payment_id) if answer.payment_id else None
        if payment is not None:
            world.own(payment.id, order)
            for attempt in payment.attempts:
                world.own(attempt.id, order)

    def _refuse(self, reply: Reply, refusal: str) -> Reply:
        self._answer = Answer(reply, is_stored=False, is_final=False, refusal=refusal)
        journal_commit(self, self._answer, is_applied=False)
        return reply

    def _journal_fault(self, planned: PlannedFault, mutation: Mutated | None = None) -> None:
        self.world.faults.fired.add(planned.index)
        self.world.journal.write(
            "fault.fired",
            self.order,
            fault=planned.index,
            at=str(planned.at),
            phase=planned.phase,
            do=planned.do,
            call=self.id,
            mutation=mutation.what if mutation else None,
            drift=mutation.drift if mutation else None,
        )

    def _strike(self, planned: PlannedFault, fault: Fault, reply: Reply) -> Effect:
        account = self.account
        effect = fault.strike(reply, lambda status: self.dialect.server_error(status, account))
        told = with_canary(self.world, effect.reply) if effect.reply is not None else None
        self._effect = changed(effect, reply=told) if told != effect.reply else effect
        if self._effect.fault is None:
            return self._effect
        self._journal_fault(planned, self._effect.mutation)
        is_endless = self._effect.wait_ms is None or self._effect.bytes_per_s is not None
        self.is_lingering = is_endless or bool(self._effect.wait_ms)
        self.is_fatal = self._effect.is_fatal
        if is_endless:
            self.is_moving = False
            self.is_settled = True
            if self._settled is not None:
                self._settled.set()
        self.is_at_exit = True
        if self._at_exit is not None:
            self._at_exit.set()
        self.world.gates.note()
        return self._effect

    async def _wait(self, gate: Latch) -> None:
        since = monotonic_ms()
        await gate.wait()
        waited = monotonic_ms() - since
        self._parked_ms += waited
        self.world.gates.parked_ms += waited


@lru_cache(maxsize=1000)  # operations times providers
def _counted_as(op: str | None, by: str | None, provider: str) -> tuple[str, str]:
    """Give under which names a call is counted: over all providers, and at its own."""
    what = f"{by}->{op or 'other'}" if by else op or "other"
    return what, f"{what} at {provider}"


def _order_of(world: World, parsed: Parsed, account: Account) -> tuple[str | None, bool]:
    """Give the order that a request is about, and whether a reference of one stands in a text of it."""
    belonging = world.belonging((parsed.payment_id, parsed.refund_id, *parsed.other_ids), parsed.hints)
    order = belonging.order
    if not belonging.is_known and account.merchant != world.merchant_of(order):
        order = None  # it names nothing of an order, and comes from another merchant's account
    return order or claim(world, parsed), belonging.is_named
