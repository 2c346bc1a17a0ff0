"""Carrying out an intent: bounded tries with one key, backoff with jitter, and a deadline over the whole."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from sqlalchemy import Connection, update

from badgateway.reference.circuit import NOT_ASKED
from badgateway.reference.increments import conclude_increment
from badgateway.reference.intents import close_intent, mark_doubtful
from badgateway.reference.learn import learn, move, settle
from badgateway.reference.orders import acting_for
from badgateway.reference.provider import CallFailed
from badgateway.reference.records import Attempt, Intent, attempts_where
from badgateway.reference.seen import Observation, PaymentSeen, RefundSeen
from badgateway.reference.service import Service
from badgateway.reference.states import State
from badgateway.reference.tables import attempts, refunds


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of an intent: done, declined, refused, not_done (for sure), or unknown."""

    kind: str
    seen: PaymentSeen | RefundSeen | None = None
    code: str | None = None
    is_replayed: bool = False  # unknown: the key only repeats what was answered before


def carry_out(
    service: Service, intent: Intent, until_ms: float | None = None, *, has_next: bool = False
) -> Verdict:
    """Ask the provider and write down what came of it; never raises for what the provider does.

    `until_ms` is when it has to be over, by the monotonic clock; `has_next`: another provider could do it.
    """
    service = acting_for(service, intent.order_id, intent.attempt_id)
    verdict = ask(service, intent, until_ms)
    if has_next:
        verdict = replace(verdict, kind=service.policies.routing.read(verdict.kind))
    service.metrics.count("provider_calls", intent.kind, verdict.kind)
    with service.store.write() as tx:
        _conclude(tx, service, intent, verdict)
    return verdict


def ask(service: Service, intent: Intent, until_ms: float | None = None) -> Verdict:
    """Try until there is an answer that proves something, the tries are used up, or the deadline is over."""
    settings, clock, policies = service.settings, service.clock, service.policies
    until_ms = until_ms or clock.monotonic_ms() + settings.total_deadline_ms
    is_doubtful, params = intent.is_doubtful, json.loads(intent.params)
    failure = CallFailed("not_done", "not_tried")
    tries_max = policies.retrying.tries_max(settings.tries_max)
    for n in range(1, tries_max + 1):
        key, is_again = policies.retry_keys.for_try(intent, n), n > 1 or intent.is_doubtful
        try:
            with policies.holding.during_call(service.store):
                seen = service.provider.perform(intent.kind, params, key, until_ms - clock.monotonic_ms())
            if is_again:
                service.metrics.count("retries", intent.kind, "done")
            return Verdict("done", seen)
        except CallFailed as problem:
            failure = policies.unknown_outcome.read(problem)
        if is_again and failure.code not in NOT_ASKED:
            service.metrics.count("retries", intent.kind, failure.proves)
        reason, said = failure.proves, failure.said
        service.log("call_failed", kind=intent.kind, code=failure.code, reason=reason, tries=n, said=said)
        is_doubtful = is_doubtful or failure.proves == "nothing"
        if not (failure.may_retry and policies.unknown_outcome.may_try_again(failure.proves)):
            break
        wish_ms, base_ms = failure.retry_after_ms, settings.retry_base_ms
        pause_ms = policies.retrying.pause_ms(wish_ms, base_ms, n, clock.share())
        if n == tries_max or clock.monotonic_ms() + pause_ms >= until_ms:
            break
        clock.wait_ms(pause_ms)
    return _verdict(failure, is_doubtful=is_doubtful)


def _verdict(failure: CallFailed, *, is_doubtful: bool) -> Verdict:
    if failure.proves == "declined":
        return Verdict("declined", failure.payment, failure.code)
    # After a try that may have been carried out, a later refusal says nothing about the earlier try.
    return Verdict("unknown" if is_doubtful else failure.proves, None, failure.code, failure.is_replayed)


def _conclude(tx: Connection, service: Service, intent: Intent, verdict: Verdict) -> None:
    if verdict.kind == "unknown":
        mark_doubtful(tx, intent)
        attempt = _attempt(tx, intent)
        if intent.kind == "pay" and attempt.state is State.SENT:
            move(
                tx,
                service,
                attempt,
                service.policies.unknown_outcome.attempt_state(),
                failure_code=verdict.code,
            )
            settle(tx, service, intent.order_id)
        return
    is_first = close_intent(tx, intent, "DONE" if verdict.kind in {"done", "declined"} else "REFUSED")
    seen = verdict.seen
    if isinstance(seen, RefundSeen):
        learn(tx, service, Observation(refunds=(seen,)), attempt_id=intent.attempt_id)
    elif isinstance(seen, PaymentSeen):
        learn(tx, service, Observation(payment=seen), attempt_id=intent.attempt_id)
    if verdict.kind != "done" and is_first:
        _conclude_undone(tx, service, intent, verdict)
        settle(tx, service, intent.order_id)


def _conclude_undone(tx: Connection, service: Service, intent: Intent, verdict: Verdict) -> None:
    """Write down that the provider did not do it, and will not."""
    attempt = _attempt(tx, intent)
    if intent.kind == "pay":
        if service.policies.state_rules.allows(attempt.state, State.FAILED):
            is_told = verdict.kind == "declined"
            move(tx, service, attempt, State.FAILED, is_told=is_told, failure_code=verdict.code)
    elif intent.kind == "refund":
        requested = (refunds.c.id == intent.refund_id, refunds.c.state == "REQUESTED")
        tx.execute(update(refunds).where(*requested).values(state="REFUSED"))
    elif intent.kind == "increment":
        is_granted = service.policies.incrementing.is_granted(verdict.kind)
        state = "GRANTED" if is_granted else "DECLINED" if verdict.kind == "declined" else "REFUSED"
        wish = conclude_increment(tx, intent, state)
        if wish is not None and is_granted:
            move(tx, service, attempt, attempt.state, amount_minor=wish.total_minor)
    elif intent.kind == "capture":
        move(tx, service, attempt, attempt.state, expected_minor=attempt.amount_minor)


def _attempt(tx: Connection, intent: Intent) -> Attempt:
    return attempts_where(tx, attempts.c.id == intent.attempt_id)[0]
