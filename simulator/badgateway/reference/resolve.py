"""Finding out by ourselves: at the shopper's return, and in the sync job that resolves everything open."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, Table, or_, select

from badgateway.reference.calls import carry_out
from badgateway.reference.expiry import expire_left
from badgateway.reference.intents import close_intent
from badgateway.reference.learn import learn, move, settle
from badgateway.reference.look import find_unknown, look_at_payment
from badgateway.reference.notice import Notice, notice_from_hint
from badgateway.reference.operations import carry_out_rest
from badgateway.reference.orders import acting_for, need_order
from badgateway.reference.orphans import adopt_orphans
from badgateway.reference.outbox import send_due
from badgateway.reference.provider import CallFailed
from badgateway.reference.records import (
    Attempt,
    Intent,
    attempts_of,
    attempts_where,
    disputes_where,
    find_attempt,
    intents_where,
    refunds_where,
)
from badgateway.reference.renewals import dun
from badgateway.reference.seen import Observation
from badgateway.reference.service import Service
from badgateway.reference.states import OPEN, State
from badgateway.reference.tables import attempts, disputes, inbox, intents, refunds
from badgateway.reference.webhooks import process

_ROWS_MAX = 500
_LAST_ROUND_S_MAX = 5.0
GIVEN_UP = "GIVEN_UP"  # a call whose key only repeats an error, and whose payment was not on the list


def on_return(service: Service, reference: str) -> None:
    """Look up what is open when the shopper comes back; the URL itself proves nothing."""
    with service.policies.as_of.handling(service.store, reference):
        _look_on_return(service, reference)


def _look_on_return(service: Service, reference: str) -> None:
    with service.store.read() as tx:
        order = need_order(tx, reference)
        open_attempts = [attempt for attempt in attempts_of(tx, order.id) if attempt.state in OPEN]
        waiting = intents_where(
            tx, intents.c.order_id == order.id, intents.c.state == "OPEN", intents.c.kind == "pay"
        )
    if not service.policies.recovery.asks_on("return"):
        return
    for attempt in open_attempts:
        if attempt.provider_id:
            refresh(service, attempt)
    _take_word(service, order.id)
    for intent in waiting:
        if intent.is_doubtful and service.policies.recovery.resolves_unknown():
            resolve_intent(service, intent)


def _take_word(service: Service, order_id: int) -> None:
    """Let the return itself decide about attempts, where the policy says that it does."""
    with service.store.write() as tx:
        for attempt in attempts_of(tx, order_id):
            state = service.policies.return_page.outcome(attempt)
            if state is not None:
                captured = attempt.expected_minor if state is State.SUCCEEDED else attempt.captured_minor
                move(tx, service, attempt, state, captured_minor=captured)
                settle(tx, service, order_id)


def sync(
    service: Service, occasion: str = "sync", reference: str | None = None, now_ms: int | None = None
) -> dict[str, int]:
    """Resolve everything open, or what one order has open; gives counts of what was looked at.

    Raises Problem 404 where no order has this reference.
    """
    if not service.policies.recovery.asks_on(occasion):
        return {}
    with service.store.read() as tx:
        order_id = need_order(tx, reference).id if reference is not None else None
    job = "sync" if order_id is None else f"sync of order {order_id}"
    with service.policies.scheduling.turn(service.store, service.clock, job) as is_ours:
        return _look_through(service, order_id, reference, now_ms) if is_ours else {"elsewhere": 1}


def _look_through(
    service: Service, order_id: int | None, reference: str | None, now_ms: int | None
) -> dict[str, int]:
    """Do the job in its turn."""
    done: Counter[str] = Counter()
    _find_out(service)
    recent_ms = service.clock.wall_ms() - service.settings.recheck_ms
    settled = (State.SUCCEEDED.value, State.FAILED.value)
    with service.store.read() as tx:
        waiting = intents_where(tx, intents.c.state == "OPEN", *_within(intents, order_id))[:_ROWS_MAX]
        waiting = waiting if service.policies.recovery.resolves_unknown() else []
        given_up = _given_up(tx, recent_ms, order_id) if service.policies.reconciling.looks_again() else []
        hints = (
            tx.execute(select(inbox.c.hint).where(inbox.c.processed_ms.is_(None)).limit(_ROWS_MAX))
            .scalars()
            .all()
        )
        notices = [one for one in map(notice_from_hint, hints) if _is_about(tx, one, order_id, reference)]
        moving = (*OPEN, State.AUTHORIZED)
        is_open = attempts.c.state.in_([state.value for state in moving])
        is_recent = attempts.c.state.in_(settled) & (attempts.c.changed_ms >= recent_ms)
        known = attempts.c.provider_id.is_not(None)
        wanted = or_(is_open, is_recent)
        if service.policies.acknowledging.leaves_to_events():
            notices, wanted = [], or_(is_open)
        looked_at = attempts_where(tx, known, wanted, *_within(attempts, order_id))[:_ROWS_MAX]
    for intent in waiting:
        _resolve_in_turn(service, intent)
        done["intents"] += 1
    for notice in notices:
        process(service, notice)
        done["events"] += 1
    for intent in given_up:
        _find(service, intent)
        done["intents"] += 1
    for attempt in looked_at:
        if service.policies.inbox.spares_look(service.store, attempt.provider_id):
            continue
        refresh(service, attempt)
        done["payments"] += 1
    done["parts"] += _refresh_parts(service, order_id)
    if renewed := dun(service, order_id, now_ms):
        done["renewed"] = renewed
    if expired := expire_left(service, order_id, now_ms):
        done["expired"] = expired
    return dict(done)


def _find_out(service: Service) -> None:
    """Ask whether the provider is back where the last call failed; then the rest is asked, or spared."""
    for route in service.settings.route:
        provider = service.routes[route][service.settings.merchant.name]
        if not provider.is_doubtful:
            continue
        try:
            provider.probe()
        except CallFailed as problem:
            service.log("provider_away", code=problem.code)


def _given_up(tx: Connection, since_ms: int, order_id: int | None) -> list[Intent]:
    """Give the recent calls that were given up, and whose payment has still not been seen anywhere."""
    unseen = select(attempts.c.id).where(attempts.c.provider_id.is_(None))
    recent = (intents.c.state == GIVEN_UP, intents.c.created_ms >= since_ms)
    return intents_where(tx, *recent, intents.c.attempt_id.in_(unseen), *_within(intents, order_id))


def _is_about(tx: Connection, notice: Notice, order_id: int | None, reference: str | None) -> bool:
    """Say whether an event may be about this order; without one every event is."""
    if order_id is None:
        return True
    attempt = find_attempt(tx, notice.payment_id)
    return notice.order_reference in {None, reference} if attempt is None else attempt.order_id == order_id


def _within(table: Table, order_id: int | None) -> tuple[ColumnElement[bool], ...]:
    """Narrow a look to one order, where one is named."""
    return () if order_id is None else (table.c.order_id == order_id,)


def _resolve_in_turn(service: Service, intent: Intent) -> None:
    """Resolve an open intent as the job does."""
    scheduling = service.policies.scheduling
    if intent.kind == "pay" and scheduling.looks_first() and not _find(service, intent):
        return
    resolve_intent(service, replace(intent, key=scheduling.key_of(intent)))


def resolve_intent(service: Service, intent: Intent) -> None:
    """Send an open intent again with its own key while that lives; else search the provider's list for it."""
    is_alive = service.clock.wall_ms() - intent.created_ms < service.settings.key_life_ms
    verdict = carry_out(service, intent) if is_alive else None
    if intent.kind == "pay" and (verdict is None or verdict.kind == "unknown"):
        is_missing = _find(service, intent)
        is_burnt = verdict is not None and verdict.is_replayed and service.policies.retry_keys.gives_up()
        if is_missing and is_burnt:
            _give_up(service, intent, verdict.code if verdict else None)
    carry_out_rest(service, intent.order_id)


def refresh(service: Service, attempt: Attempt) -> None:
    """Read a payment again and take in what it says; a failed look changes nothing."""
    assert attempt.provider_id is not None
    service = acting_for(service, attempt.order_id, attempt.id)
    try:
        seen = look_at_payment(service, attempt.provider_id)
    except CallFailed as problem:
        service.log("look_failed", provider_id=attempt.provider_id, code=problem.code)
        return
    with service.store.write() as tx:
        learn(tx, service, seen, attempt_id=attempt.id)
        known = attempts_where(tx, attempts.c.id == attempt.id)[0].captured_minor
    if seen.payment is not None and seen.payment.state is State.SUCCEEDED:
        service.metrics.compare(attempt.id, seen.payment.captured_minor - known)
    carry_out_rest(service, attempt.order_id)


def _give_up(service: Service, intent: Intent, code: str | None) -> None:
    """End an attempt whose key only repeats an error, and that is not at the provider: nothing was done."""
    with service.store.write() as tx:
        attempt = attempts_where(tx, attempts.c.id == intent.attempt_id)[0]
        if attempt.provider_id is None and close_intent(tx, intent, GIVEN_UP):
            move(tx, service, attempt, State.FAILED, is_told=False, failure_code=code)
            settle(tx, service, intent.order_id)


def _find(service: Service, intent: Intent) -> bool:
    """Search the provider for what became of an attempt; says whether it is not there for sure."""
    service = acting_for(service, intent.order_id, intent.attempt_id)
    with service.store.read() as tx:
        attempt = attempts_where(tx, attempts.c.id == intent.attempt_id)[0]
    try:
        seen, is_whole = find_unknown(service, attempt)
    except CallFailed as problem:
        service.log("look_failed", code=problem.code)
        return False
    if seen is None:
        return is_whole
    with service.store.write() as tx:
        close_intent(tx, intent, "DONE")
        learn(tx, service, seen, attempt_id=attempt.id)
    return False


def _refresh_parts(service: Service, order_id: int | None) -> int:
    with service.store.read() as tx:
        known = (refunds.c.state == "PENDING", refunds.c.provider_id.is_not(None))
        open_refunds = refunds_where(tx, *known, *_within(refunds, order_id))
        open_disputes = disputes_where(tx, disputes.c.state == "OPEN", *_within(disputes, order_id))
    for refund in open_refunds:
        acting = acting_for(service, refund.order_id, refund.attempt_id)
        _take_part(acting, refund.attempt_id, str(refund.provider_id), "refund")
    for dispute in open_disputes:
        acting = acting_for(service, dispute.order_id, dispute.attempt_id)
        _take_part(acting, dispute.attempt_id, dispute.provider_id, "dispute")
    return len(open_refunds) + len(open_disputes)


def _take_part(service: Service, attempt_id: int, provider_id: str, kind: str) -> None:
    try:
        if kind == "refund":
            seen = Observation(refunds=(service.provider.refund(provider_id),))
        else:
            dispute = service.provider.dispute(provider_id)
            seen = Observation(disputes=(dispute,) if dispute else ())
    except CallFailed as problem:
        service.log("look_failed", provider_id=provider_id, code=problem.code)
        return
    with service.store.write() as tx:
        learn(tx, service, seen, attempt_id=attempt_id)


class Poller:
    """A thread that syncs every so often; off unless an interval is configured."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="poller", daemon=True)

    def start(self) -> None:
        """Start it where an interval is configured."""
        if self._service.settings.poll_interval_ms:
            self._thread.start()

    def stop(self) -> None:
        """Stop it, and let it end the round that it is in."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(_LAST_ROUND_S_MAX)

    def _run(self) -> None:
        while not self._stop.wait(self._service.settings.poll_interval_ms / 1000):
            try:
                self._service.policies.tracing.begin("_sync")
                sync(self._service, "poll")
                adopt_orphans(self._service)
                send_due(self._service)
            except Exception as problem:  # noqa: BLE001 - a poller that dies of one bad row helps nobody
                self._service.log("poll_failed", reason=type(problem).__name__)
