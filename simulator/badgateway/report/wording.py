"""One journal entry as a short sentence, for timelines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from badgateway.ground.duration import duration_text
from badgateway.journal.entry import Entry
from badgateway.report.amounts import amount
from badgateway.report.clean import one_line

# The five lanes of a timeline; a kind whose first part is not here stands in the lane of that name.
LANES = {
    "op": "shopper",
    "event": "webhook",
    "fault": "call",
    "run": "play",
    "settlement": "payout",
    "load": "meanwhile",
    "telemetry": "counters",
    "canary": "leak",
}
_AT_ONCE = " at the same moment"
_MERCHANTS = frozenset({"increment", "capture", "refund", "cancel", "sync", "renew"})
_SHOPPERS = frozenset({"authenticate", "abandon"})

Data = Mapping[str, Any]


def lane(entry: Entry) -> str:
    """Say who acts or where it is seen: shopper, merchant, provider, call, ledger, webhook, view, ..."""
    do = entry.data.get("do")
    if entry.kind == "op.acted" and do not in _SHOPPERS:
        return "provider"
    if entry.lane == "op" and do in _MERCHANTS:
        return "merchant"
    return LANES.get(entry.lane, entry.lane)


def sentence(entry: Entry, currency: str | None) -> str:
    """Say in a few words what an entry records; `currency` is the order's, for amounts that carry none."""
    word = _WORDS.get(entry.kind)
    said = word(entry.data, currency) if word else entry.kind
    return one_line(f"{entry.order}: {said}" if entry.order else said, 160)


def _money(data: Data, currency: str | None, field: str = "amount_minor") -> str:
    return amount(data.get(field), data.get("currency") or currency)


def _with(text: str, *parts: object) -> str:
    return ", ".join([text, *(str(part) for part in parts if part)])


def _copy(data: Data) -> str:
    """Name the copy of the integration, where a deployment made two."""
    return f"the {data['instance']} version" if data.get("instance") else ""


def _op_invoked(data: Data, currency: str | None) -> str:
    has_amount = data.get("amount_minor") is not None
    did = f"{data.get('do')} {_money(data, currency)}" if has_amount else f"{data.get('do')}"
    return f"{did}, asked of {_copy(data)}" if _copy(data) else did


def _op_returned(data: Data, _: str | None) -> str:
    seen = f"HTTP {data['http_status']}" if data.get("http_status") else "no answer"
    return _with(
        f"{data.get('do')} returned {data.get('outcome')}", seen, data.get("status"), data.get("problem")
    )


def _op_acted(data: Data, _: str | None) -> str:
    return _with(str(data.get("do")).replace("_", " "), data.get("detail"))


def _call_name(data: Data) -> str:
    if data.get("op"):
        return f"{data['op']}[{data.get('n')}]"
    return f"{data.get('method')} {data.get('path')}"


def _call_arrived(data: Data, currency: str | None) -> str:
    has_amount = data.get("amount_minor") is not None
    key = f"key {data['key']}" if data.get("key") else "no key"
    return _with(f"{_call_name(data)} arrives", has_amount and _money(data, currency), key)


def _call_committed(data: Data, _: str | None) -> str:
    did = (
        "replayed from its key"
        if data.get("is_replayed")
        else ("done" if data.get("is_applied") else "nothing done")
    )
    old = data.get("is_old") and "what was true before"
    return _with(f"the provider answers {data.get('status')}", did, old, data.get("refusal"))


def _call_answered(data: Data, _: str | None) -> str:
    if data.get("status") is None:
        return _with("the integration sees no answer", data.get("effect"))
    whole = "" if data.get("is_complete", True) else "cut short"
    wait = data.get("retry_after_ms") and f"asked to wait {duration_text(data['retry_after_ms'])}"
    return _with(
        f"the integration sees {data['status']}", data.get("body_status"), whole, data.get("effect"), wait
    )


def _load_answered(data: Data, _: str | None) -> str:
    what = {"health": "the health page", "view": "a view", "open": "a new order"}.get(
        str(data.get("on")), str(data.get("on"))
    )
    asked = f"{what} is asked for " + (
        "again" if data.get("is_control") else f"while {data.get('call')} is held"
    )
    said = f"HTTP {data['http_status']}" if data.get("http_status") else "no answer"
    late = "" if data.get("is_in_time") or data.get("is_control") else "not before it was over"
    return _with(asked, said, late, data.get("problem"))


def _fault_fired(data: Data, _: str | None) -> str:
    phase = str(data.get("phase")).replace("_", " ").replace("connect", "on connect")
    place = f"FAULT {data.get('do')} at {data.get('at')}, {phase}"
    return _with(place, data.get("mutation"))


def _together(what: object) -> str:
    """Say `10 times pay at the same moment` where the record lists one thing ten times."""
    names, end = str(what).removesuffix(_AT_ONCE).split(" and "), _AT_ONCE
    if not str(what).endswith(_AT_ONCE) or len(names) < 3:
        return str(what)
    counts = Counter(names)
    return " and ".join(f"{n} times {name}" if n > 1 else name for name, n in counts.items()) + end


def _barrier(data: Data, _: str | None) -> str:
    how = {"gate": "parked and let go together", "last_byte": "all but the last byte sent first"}.get(
        str(data.get("strength")), data.get("strength")
    )
    if not data.get("is_achieved"):
        return f"{_together(data.get('what'))}: not achieved"
    return f"{_together(data.get('what'))}: {how or 'achieved'}"


def _merchant(data: Data, _: str | None) -> str:
    live = "a live account" if data.get("is_live") else "a test account"
    return _with(f"merchant {data.get('merchant')}, called {data.get('called')}", live)


def _ledger_entry(data: Data, currency: str | None) -> str:
    return _with(f"{str(data.get('kind')).replace('_', ' ')} {_money(data, currency)}", data.get("payment"))


def _settlement_payout(data: Data, currency: str | None) -> str:
    return f"payout of {_money(data, currency)}"


def _settlement_line(data: Data, currency: str | None) -> str:
    kept = data.get("fee_minor") and f"less a fee of {_money(data, currency, 'fee_minor')}"
    flaw = data.get("flaw") and f"{data['flaw']} in the provider's list"
    return _with(f"of it {data.get('term')} {_money(data, currency, 'gross_minor')}", kept, flaw)


def _fetched(data: Data) -> str:
    return f"report {data['report']} as {data.get('format')}" if data.get("report") else "the list of reports"


def _event_created(data: Data, _: str | None) -> str:
    return f"{data.get('name') or data.get('wire_type')}[{data.get('n')}] is made"


def _webhook_sent(data: Data, _: str | None) -> str:
    signature = data.get("signature")
    return _with(
        f"{data.get('name') or data.get('wire_type')} sent",
        data.get("class") != "genuine" and data.get("class"),
        (data.get("copy") or 1) > 1 and f"copy {data['copy']}",
        data.get("retells") and "under a new id",
        data.get("request") and "in the same request",
        data.get("to") and f"to {data['to']}",
        (data.get("attempt") or 1) > 1 and f"attempt {data['attempt']}",
        signature not in {None, "ok"} and f"signature {signature}",
        data.get("skew_ms") and f"signed {_apart(data['skew_ms'])}",
        data.get("merchant") and f"by the account of merchant {data['merchant']}",
        _copy(data) and f"to {_copy(data)}",
        data.get("mutation"),
    )


def _apart(ms: int) -> str:
    return f"{duration_text(abs(ms))} {'ahead of' if ms > 0 else 'behind'} the clock"


def _webhook_answered(data: Data, _: str | None) -> str:
    return f"answered {data['status']}" if data.get("status") else _with("not answered", data.get("problem"))


def _webhook_lost(data: Data, _: str | None) -> str:
    why = {
        "lose": "the story loses it",
        "exhausted": "every attempt was in vain",
        "disabled": "the endpoint is disabled",
        "no_endpoint": "there is no endpoint for it",
    }.get(str(data.get("why")), data.get("why"))
    return f"{data.get('name') or 'event'} is never delivered: {why}"


def _webhook_disabled(data: Data, _: str | None) -> str:
    whose = f" of merchant {data['merchant']}" if data.get("merchant") else ""
    return f"the endpoint{whose} is disabled, after {data.get('given_up')} events in vain"


def _view_read(data: Data, currency: str | None) -> str:
    if not data.get("is_readable", True):
        return _with("the view cannot be read", data.get("problem"))
    paid = data.get("paid_minor") is not None and f"paid {_money(data, currency, 'paid_minor')}"
    back = data.get("refunded_minor") and f"refunded {_money(data, currency, 'refunded_minor')}"
    return _with(f"{data.get('status') or data.get('raw')}", paid, back)


def _effect_seen(data: Data, _: str | None) -> str:
    repeat = data.get("is_again") and "again with the key of before, which changes nothing"
    number = (data.get("n") or 1) > 1 and f"number {data['n']}"
    taken = repeat or ("" if data.get("is_taken") else "the receiver fails, nothing is done")
    return _with(f"{data.get('effect')} sent", number, taken)


def _transitions(data: Data, _: str | None) -> str:
    gaps = [
        f"{data[field]} without {what}"
        for field, what in (("without_correlation", "correlation id"), ("without_actor", "actor"))
        if data.get(field)
    ]
    last = data.get("last") and f"the last to {data['last']}"
    return _with(f"{data.get('reported')} transitions are reported", last, *gaps)


def _contract_broken(data: Data, _: str | None) -> str:
    what = f"{data.get('about')} of {data.get('where')}"
    return f"{what} is not as {data.get('document')} says: {data.get('problem')}"


def _contract_watched(data: Data, _: str | None) -> str:
    held = ", ".join(f"{data.get(what)} {what}" for what in ("requests", "replies", "webhooks"))
    return f"{held} were held against {data.get('document')}"


def _skipped(data: Data, _: str | None) -> str:
    which = f"step {data['step']} " if data.get("step") else ""
    foreseen = "as foreseen" if data.get("is_planned") else ""
    return _with(f"{which}{data.get('do')} skipped: {data.get('why')}", foreseen)


def _process_started(data: Data, _: str | None) -> str:
    name = f"{_copy(data)} of the integration" if _copy(data) else "the integration"
    return f"{name} is ready (pid {data.get('pid')})"


def _process_exited(data: Data, _: str | None) -> str:
    name = f"{_copy(data)} of the integration" if _copy(data) else "the integration"
    how = "as asked" if data.get("is_expected") else "by itself"
    return f"{name} exited {how} with code {data.get('code')}"


_WORDS: dict[str, Callable[[Data, str | None], str]] = {
    "run.started": lambda data, _: f"play begins, seed {data.get('seed')}",
    "run.order": lambda data, currency: f"agreed at {_money(data, currency)}, {data.get('capture')} capture",
    "run.merchant": _merchant,
    "run.phase": lambda data, _: str(data.get("name")).replace("_", " "),
    "run.skipped": _skipped,
    "run.barrier": _barrier,
    "run.refused": lambda data, _: f"the proxy refused {data.get('host')}, which is not simulated",
    "run.served": lambda data, _: f"{data.get('provider')} is served, with its state kept",
    "run.due": lambda data, _: f"the provider does what is due ({data.get('why')})",
    "run.stray": lambda data, _: f"a request of no world: {data.get('method')} {data.get('path')}",
    "run.bounded": lambda data, _: f"the record ends here: {data.get('what')} {data.get('limit')} reached",
    "run.advanced": lambda data, _: f"time moves on ({data.get('why')})",
    "run.finished": lambda data, _: (
        "quiet" if data.get("is_quiescent") else f"never quiet: {data.get('why')}"
    ),
    "load.answered": _load_answered,
    "fault.fired": _fault_fired,
    "op.invoked": _op_invoked,
    "op.returned": _op_returned,
    "op.acted": _op_acted,
    "op.command": lambda data, _: f"{data.get('command')}, as the book was asked for it",
    "call.request": lambda data, _: f"{data.get('method')} {data.get('path')}, as it was asked",
    "call.arrived": _call_arrived,
    "call.committed": _call_committed,
    "call.answered": _call_answered,
    "ledger.entry": _ledger_entry,
    "settlement.payout": _settlement_payout,
    "settlement.line": _settlement_line,
    "settlement.report": lambda data, _: f"report {data.get('report')} is announced",
    "settlement.fetched": lambda data, _: f"{_fetched(data)} is fetched: HTTP {data.get('status')}",
    "reconciliation.read": lambda data, _: _with(
        f"the reconciliation is read: {len(data.get('rows') or ())} exceptions", data.get("problem")
    ),
    "settlement.read": lambda data, _: _with("the settlement report is read", data.get("problem")),
    "event.created": _event_created,
    "webhook.sent": _webhook_sent,
    "webhook.answered": _webhook_answered,
    "webhook.concluded": lambda data, _: (
        f"delivery over, {'acknowledged' if data.get('is_told') else 'not acknowledged'}"
    ),
    "webhook.lost": _webhook_lost,
    "webhook.disabled": _webhook_disabled,
    "effect.seen": _effect_seen,
    "telemetry.read": lambda data, _: f"counters read at the {data.get('when')}",
    "telemetry.transitions": _transitions,
    "run.canary": lambda data, _: f"{data.get('canary')} is let in, and looked for",
    "canary.seen": lambda data, _: f"{data.get('canary')} seen in {data.get('place')} ({data.get('form')})",
    "view.read": _view_read,
    "contract.broken": _contract_broken,
    "contract.watched": _contract_watched,
    "process.started": _process_started,
    "process.killed": lambda data, _: _with(
        f"the integration is killed (pid {data.get('pid')})", data.get("why")
    ),
    "process.exited": _process_exited,
}
