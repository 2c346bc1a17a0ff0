"""One entry of the journal, and the table of every kind of entry with its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened. `at_ms` is virtual time, `real_ms` real milliseconds since the play began."""

    seq: int
    at_ms: int
    real_ms: float
    kind: str
    order: str | None  # the story's own name of the order, for example o1
    data: Mapping[str, Any]

    @property
    def lane(self) -> str:
        """Give the part before the dot: run, op, call, ledger, event, webhook, view, process."""
        return self.kind.partition(".")[0]


# kind -> field -> what it holds. A field marked with ? may be null. Amounts are integer minor units.
KINDS: dict[str, dict[str, str]] = {
    "run.started": {
        "scenario": "path of the scenario file",
        "title": "its title",
        "case": "number of the case, from 1",
        "seed": "integer",
        "nonce": "new for each play",
        "role": "main | baseline | twin | replay | beginning",
        "plan": "the whole materialised plan, so that the journal can be replayed",
        "integration": "name of the integration",
        "revision": "what it says about its version, or a digest",
        "declares": "what its badgateway.yaml declares, durations in ms",
        "judgeable": "what the integration shows: status paid refunded currency refs effects sink",
        "provider": "dialect",
        "is_strict": "false: the provider lets an over-refund through",
    },
    "run.order": {  # one for each order of the plan; order is set
        "reference": "what travels to the integration",
        "amount_minor": "agreed at first",
        "currency": "ISO 4217",
        "capture": "automatic | manual",
        "card": "neutral card word",
        "shopper": "name drawn by Faker",
    },
    "run.merchant": {  # one for each merchant of a story that names several
        "merchant": "the story's name",
        "called": "what the integration calls it",
        "credential": "masked",
        "is_live": "its account is not a test account",
        "acts_for": "merchants for which badgateway.yaml declares that it acts?",
    },
    "run.phase": {"name": "steps | heal | final_read"},
    "run.skipped": {
        "step": "number",
        "do": "kind of step",
        "why": "why it could not apply",
        "is_planned": "foreseen",
    },
    "run.barrier": {
        "what": "sentence",
        "is_achieved": "bool",
        "strength": "gate | last_byte | repeat",
        "waited_ms": "real",
    },
    "run.stray": {
        "path": "request that belongs to no world",
        "method": "HTTP",
        "reason": "why it found none",
        "is_harmless": "it can have touched nothing of this play: a look, or of a play that is over?",
    },
    "run.bounded": {"what": "the limit that was reached", "limit": "number"},  # always the last entry
    "run.advanced": {"by_ms": "virtual time", "why": "step | ladder | due"},
    "run.finished": {
        "is_quiescent": "bool",
        "rounds": "of the fixed point",
        "why": "where not quiescent, why?",
        "quiet_ms": "real, spent listening into the silence?",
    },
    "fault.fired": {
        "fault": "index in the plan",
        "at": "selector",
        "phase": "connect before_commit after_commit",
        "do": "name of the fault",
        "call": "id?",
        "mutation": "how an answer was changed: kind and path?",
        "drift": "same | compatible | unclear | breaking?",
    },
    "op.invoked": {
        "op": "id",
        "step": "number",
        "do": "pay capture refund cancel return sync ...",
        "amount_minor": "?",
        "currency": "?",
        "intent": "the decision it belongs to, order or order/refund1",
        "instance": "old | new: which copy of the integration, where a deployment made two?",
    },
    "op.returned": {
        "op": "id",
        "do": "as invoked",
        "outcome": "ok | fail | info",
        "http_status": "?",
        "status": "mapped view status in the answer?",
        "elapsed_ms": "real",
        "parked_ms": "at our gates",
        "problem": "connection refused, timeout, garbage ...?",
    },
    "op.acted": {
        "do": "authenticate abandon dispute expire_authorization ...",
        "payment": "?",
        "detail": "?",
    },
    "load.answered": {  # asked while one of its own calls is held
        "load": "index in the plan",
        "on": "health | view | open",
        "n": "from 1",
        "call": "the call that is held meanwhile",
        "is_in_time": "answered while that call was still held",
        "is_control": "asked again when nothing was held any more",
        "http_status": "?",
        "held_ms": "real, how long the call had been held when it was answered or let go",
        "elapsed_ms": "real",
        "problem": "connection refused, timeout, garbage ...?",
    },
    "call.arrived": {
        "call": "id",
        "provider": "dialect",
        "op": "operation?",
        "n": "count for this order and op",
        "key": "idempotency key?",
        "body_hash": "of endpoint and parameters",
        "credential": "masked",
        "payment": "provider's id?",
        "refund": "?",
        "amount_minor": "asked?",
        "currency": "asked?",
        "breakdown_minor": "what the parts that it names come to?",
        "is_ours": "an order reference of ours stands in it?",
        "path": "without query",
        "method": "HTTP",
    },
    "call.committed": {
        "call": "id",
        "is_applied": "money or an object changed",
        "is_replayed": "idempotent replay",
        "status": "HTTP status the provider meant",
        "refusal": "neutral code?",
        "is_final": "a definitive answer about the charge (false: in flight, rate limit, 5xx)",
        "payment": "?",
        "payment_status": "neutral status of the payment after it?",
        "is_hard": "a decline that must not be tried again?",
        "card": "what makes two payment methods one, of the one that was tried?",
        "is_old": "a look that was behind the ledger: it told what was true before?",
    },
    "call.answered": {
        "call": "id",
        "status": "what the integration could see, null: no (complete) answer",
        "effect": "fault that shaped it?",
        "is_complete": "all bytes were handed over",
        "is_true": "the provider's own words, not a fault's?",
        "parked_ms": "real, spent at our gates",
        "body_status": "neutral payment status it told?",
        "retry_after_ms": "real time that its Retry-After asked to wait?",
    },
    "ledger.entry": {
        "seq": "of the ledger",
        "kind": "auth capture void expire refund refund_fail capture_fail "
        "dispute_open dispute_won dispute_lost fee convert adjust payout",
        "payment": "id?",
        "refund": "id?",
        "dispute": "id?",
        "amount_minor": "integer; negative: an adjust that takes from the merchant",
        "currency": "ISO",
        "cause": "call id or act:kind",
    },
    "settlement.payout": {
        "payout": "id",
        "amount_minor": "integer",
        "currency": "ISO",
        "cause": "act:kind",
        "facts": "ledger seqs",
    },
    "settlement.line": {  # one for each line of a payout; order is set where a payment stands behind it
        "payout": "id",
        "line": "id of the balance transaction",
        "term": "captured refunded lost won adjusted",
        "gross_minor": "signed: what it adds to the merchant's balance",
        "fee_minor": "kept by the provider",
        "currency": "ISO, in which it is settled",
        "flaw": "missing late repeated misstated: how the provider's list gets it wrong?",
        "stated_gross_minor": "what the provider's list says, its rows added up",
        "stated_fee_minor": "as above",
        "facts": "ledger seqs",
    },
    "settlement.read": {
        "rows": "what the integration's report says: payout, currency, paid, terms, exceptions",
        "shows": "terms that it shows",
        "is_readable": "bool",
        "problem": "?",
    },
    "event.created": {
        "event": "id on the wire",
        "name": "neutral name or null for a sibling",
        "n": "count of that name for the order",
        "wire_type": "dialect's type",
        "facts": "ledger seqs it reports",
        "payment": "id?",
        "tells": "neutral payment status in its snapshot?",
        "cause": "call or act",
    },
    "webhook.sent": {
        "delivery": "id",
        "event": "id",
        "name": "neutral?",
        "wire_type": "type",
        "attempt": "from 1",
        "copy": "from 1",
        "class": "genuine duplicate forged stale foreign",
        "retells": "event whose fact it tells again under an id of its own?",
        "request": "delivery in whose request it travels?",
        "to": "the endpoint, where it is not the one of its account?",
        "instance": "old | new: which copy of the integration, where a deployment made two?",
        "merchant": "whose account tells it, where there are several?",
        "how": "in_turn | at_once | before_reply | overlap | with",
        "signature": "ok none garbage stale rotated other_tenant",
        "skew_ms": "how far the clock that signed it was ahead?",
        "mutation": "how its content was changed: kind and path?",
        "drift": "same | compatible | unclear | breaking?",
    },
    "webhook.answered": {
        "delivery": "id",
        "status": "HTTP?",
        "elapsed_ms": "real",
        "parked_ms": "at our gates",
        "problem": "?",
    },
    "webhook.lost": {"event": "id", "name": "?", "why": "lose | exhausted | disabled | no_endpoint"},
    "webhook.disabled": {
        "given_up": "events in a row that were never acknowledged",
        "merchant": "whose endpoint it is, where there are several?",
    },
    "run.canary": {
        "canary": "what was let in, in words; never its value",
        "kind": "card | code | secret | host",
        "mark": "short digest of its value",
        "door": "card | provider | secret | trap",
    },
    "canary.seen": {
        "canary": "which one, in words",
        "mark": "short digest of its value",
        "place": "log | answer | view | URL | metrics | effect | outbound request",
        "form": "plain | base64 | URL-encoded | split",
    },
    "telemetry.read": {
        "when": "start | end",
        "counters": "name -> number, as the integration counts since its own start",
        "is_alone": "no other play was on beside this one",
        "problem": "?",
    },
    "telemetry.transitions": {  # of an order's final view
        "reported": "how many",
        "without_correlation": "how many of them",
        "without_actor": "how many of them",
        "actors": "who is named",
        "last": "status word of the newest?",
        "shown": "the integration's own word for the order's status?",
    },
    "effect.seen": {
        "effect": "name of the effect that badgateway.yaml declares",
        "n": "count of it for the order, all arrivals",
        "key": "short digest of its idempotency key?",
        "body_hash": "short digest of its body",
        "is_taken": "false: the sink failed on cue, and nothing was done",
        "is_again": "its key was taken before, so that it changes nothing",
    },
    "view.read": {
        "status": "neutral view status?",
        "raw": "the integration's own word?",
        "paid_minor": "?",
        "refunded_minor": "?",
        "currency": "?",
        "refs": "payment ids, null if not shown",
        "effects": "name -> count, {} if not shown",
        "is_readable": "bool",
        "problem": "?",
        "after": "what it was read after: step, webhook, final",
    },
    "process.started": {"pid": "number", "ready_ms": "real", "instance": "new: beside the old one?"},
    "process.killed": {"pid": "number", "why": "step 2 | call3 was under way | delivery4 was acknowledged"},
    "process.exited": {
        "pid": "number",
        "code": "exit code",
        "is_expected": "bool",
        "tail": "last lines it said",
        "instance": "old: retired?",
    },
}
