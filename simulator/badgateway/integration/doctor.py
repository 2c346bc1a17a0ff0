"""What one real payment shows about a badgateway.yaml: what was mapped, and what cannot be judged and why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from badgateway.ground.money import exponent, to_text
from badgateway.integration.handle import Handle
from badgateway.integration.model import VIEW_STATUSES, Description, OperationResult, ViewRead

OK, WARN, FAIL = "ok", "warn", "fail"
TRACE, TRACES_URL = "trace", "{traces.url}"

_JUDGED_WITH = {
    "paid": "whether its paid amount is the captured money",
    "refunded": "whether its refunded amount is the money given back",
    "currency": "whether it books the agreed currency",
    "refs": "which provider payments it owns",
}
_NEEDED_FOR = {
    "capture": "captures of held money",
    "refund": "refunds",
    "cancel": "cancellations",
    "return": "the shopper's way back from the bank",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    state: str  # ok | warn | fail
    sentence: str
    mend: str = ""  # empty where nothing is to be done


@dataclass(frozen=True, slots=True)
class Trial:
    """What one real payment came to, on both sides. Amounts are integer minor units."""

    amount_minor: int
    currency: str
    paid: OperationResult
    view: ViewRead
    calls: int  # that reached the simulated provider
    captured_minor: int  # by the provider's ledger
    payments: tuple[str, ...] = ()  # the provider's ids
    is_reference_seen: bool | None = None  # our order reference was in the first call; None: no call
    webhooks: tuple[int | None, ...] = ()  # HTTP status of each delivery; None: no answer


async def examine(handle: Handle, try_payment: Callable[[], Awaitable[Trial]]) -> list[Check]:
    """Give all checks: one payment is made on the running integration. Raises what the payment raises."""
    trial = await try_payment()
    traces = check_traces(handle.description, handle.watch.exports[TRACE])
    return [*check_trial(handle.description, trial), *check_description(handle.description), traces]


def check_trial(description: Description, trial: Trial) -> list[Check]:
    """Say what the payment and the view after it showed."""
    checks = [_pay(description, trial), _calls(trial), _reference(trial)]
    if not trial.view.is_readable:
        mend = "compare view, statuses and the view operation with what it answers"
        return [*checks, Check("view", FAIL, f"the view cannot be read: {trial.view.problem}", mend)]
    return [
        *checks,
        _status(trial),
        _amount(trial),
        *_refs(trial),
        *_effects(description, trial),
        *_webhooks(trial),
    ]


def check_description(description: Description) -> list[Check]:
    """Say what cannot be judged, or not be played, for want of a description."""
    return [
        *_process(description),
        *_not_shown(description),
        *_not_told(description),
        *_not_described(description),
        _later(description),
        *_vocabulary(description),
    ]


def check_traces(description: Description, exports: int) -> Check:
    """Say whether secrets are looked for in its spans; `exports`: how often some came during the payment."""
    start = description.start
    given = (*start.env.values(), *start.command) if start is not None else ()
    if exports:
        what = f"{_count(exports, 'export')} of spans came: card numbers and secrets are looked for in them"
        return Check("traces", OK, what)
    if any(TRACES_URL in one for one in given):
        mend = "export over HTTP, and soon: OTEL_EXPORTER_OTLP_PROTOCOL and OTEL_BSP_SCHEDULE_DELAY"
        return Check("traces", WARN, "no span came with one payment: traces are not judged", mend)
    mend = f"where it makes any, give it OTEL_EXPORTER_OTLP_ENDPOINT: {TRACES_URL!r} in start.env"
    return Check("traces", WARN, "no traces come here: secrets in spans are not looked for", mend)


def _pay(description: Description, trial: Trial) -> Check:
    result = trial.paid
    deadline_ms = description.declares.deadline_ms
    if result.outcome != "ok":
        said = result.problem or f"HTTP {result.http_status}, status {result.status or 'not shown'}"
        mend = "look at operations.pay, and at what the integration wrote"
        return Check("pay", FAIL, f"a payment with an approved card came to {result.outcome}: {said}", mend)
    took = f"in {result.elapsed_ms:.0f} ms"
    if result.elapsed_ms > deadline_ms:
        return Check(
            "pay",
            WARN,
            f"paid {took}, later than its deadline of {deadline_ms} ms",
            "raise declares.deadline",
        )
    return Check("pay", OK, f"paid {took}: HTTP {result.http_status}, status {result.status or 'not shown'}")


def _calls(trial: Trial) -> Check:
    if trial.calls:
        return Check("provider", OK, f"{_count(trial.calls, 'call')} reached the simulated provider")
    mend = 'give it the provider\'s address in start.env, for example STRIPE_API_BASE: "{stripe.url}"'
    return Check("provider", FAIL, "no call reached the simulated provider", mend)


def _reference(trial: Trial) -> Check:
    if trial.is_reference_seen:
        return Check(
            "reference", OK, "our order reference travels to the provider: scenarios may share a copy"
        )
    mend = "put {order.reference} into the order id, or into the payment's metadata"
    what = "our order reference was not in the first call to the provider: each scenario runs alone"
    return Check("reference", WARN, what, mend)


def _status(trial: Trial) -> Check:
    view = trial.view
    what = f"status {view.raw!r} is read as {view.status}"
    if trial.captured_minor >= trial.amount_minor and view.status != "PAID":
        return Check(
            "status", WARN, f"{what}, although the money is captured", "compare statuses with its own words"
        )
    return Check("status", OK, what)


def _amount(trial: Trial) -> Check:
    shown, true = trial.view.paid_minor, trial.captured_minor
    if shown is None:
        return Check("paid", WARN, "no paid amount is shown: it is not judged", "describe view.paid")
    texts = (
        f"it shows {to_text(shown, trial.currency)}, the provider captured {to_text(true, trial.currency)}"
    )
    if shown == true:
        return Check("paid", OK, texts)
    factor = 10 ** exponent(trial.currency)
    is_scaled = factor > 1 and true != 0 and (shown * factor == true or shown == true * factor)
    mend = "view.amounts is minor for 4999 and decimal for 49.99" if is_scaled else "look at view.paid"
    return Check("paid", FAIL, texts, mend)


def _refs(trial: Trial) -> Iterator[Check]:
    refs = trial.view.refs
    if refs is None:
        return  # told with what is not described
    if set(trial.payments) <= set(refs):
        yield Check(
            "refs", OK, f"it shows the provider's payment {', '.join(trial.payments) or '(none was made)'}"
        )
    else:
        what = f"it shows {', '.join(refs) or 'no payment id'}, the provider made {', '.join(trial.payments)}"
        yield Check("refs", WARN, f"{what}: ownership cannot be judged", "look at view.refs")


def _effects(description: Description, trial: Trial) -> Iterator[Check]:
    for name in description.view.effects:
        count = trial.view.effects.get(name)
        if count is None:
            yield Check(f"effect {name}", WARN, "the view does not show it", f"look at view.effects.{name}")
        else:
            yield Check(f"effect {name}", OK, f"happened {_count(count, 'time')} for one payment")


def _webhooks(trial: Trial) -> Iterator[Check]:
    refused = [status for status in trial.webhooks if status is None or not 200 <= status < 300]
    if refused:
        said = ", ".join("no answer" if status is None else f"HTTP {status}" for status in refused)
        what = f"{len(refused)} of {_count(len(trial.webhooks), 'webhook')} were not taken: {said}"
        yield Check(
            "webhooks", FAIL, what, "look at the webhook path, and give it the secret {stripe.webhook_secret}"
        )
    elif trial.webhooks:
        yield Check("webhooks", OK, f"{_count(len(trial.webhooks), 'webhook')} delivered and taken")


def _process(description: Description) -> Iterator[Check]:
    if description.start is None:
        what = "it runs already: kill and restart are not played, and one copy serves all scenarios"
        yield Check("start", WARN, what, "describe start")
    else:
        yield Check("start", OK, "badgateway starts, kills and restarts it")


def _not_shown(description: Description) -> Iterator[Check]:
    for name, judged in _JUDGED_WITH.items():
        if name != "paid" and getattr(description.view, name) is None:
            yield Check(
                name, WARN, f"the view does not show {name}: {judged} is not judged", f"describe view.{name}"
            )
    if not description.view.effects and not description.effects:
        what = "no effects are shown or sent: goods shipped or mails sent twice are not judged"
        yield Check("effects", WARN, what, "describe view.effects, or effects sent to {sink.url}")
    elif not description.declares.once:
        what = "no effect is declared to happen once: doubled effects are not judged"
        yield Check("effects", WARN, what, "name them in declares.once")


def _not_told(description: Description) -> Iterator[Check]:
    if not description.counters and description.transitions is None:
        what = "no counters and no transition records are described: what it tells of itself is not judged"
        yield Check("telemetry", WARN, what, "describe counters and transitions")
    if description.start is None and not description.logs:
        what = "it runs already and names no log files: secrets in its logs are not looked for"
        yield Check("logs", WARN, what, "name them under logs")


def _not_described(description: Description) -> Iterator[Check]:
    for name, needed in _NEEDED_FOR.items():
        if name not in description.operations:
            what = f"no operation {name}: scenarios with {needed} do not apply"
            yield Check(name, WARN, what, f"describe operations.{name}")
    if not description.webhooks:
        what = (
            "no webhook address: what arrives by webhook only is never learnt, and forged ones are not tried"
        )
        yield Check("webhooks", WARN, what, "describe webhooks")


def _later(description: Description) -> Check:
    """Say whether there is a moment after which nothing more is to be expected."""
    declares = description.declares
    known = []
    if "sync" in description.operations:
        known.append("sync is called")
    if declares.poll_interval_ms is not None:
        known.append(f"it polls every {declares.poll_interval_ms} ms")
    if declares.background_ms is not None:
        known.append(f"what it does by itself ends within {declares.background_ms} ms")
    if known:
        return Check("later", OK, "; ".join(known))
    what = "it is not known when it has finished: laws about what happens in the end are unknown"
    return Check("later", WARN, what, "describe operations.sync, or declare poll_interval or background")


def _vocabulary(description: Description) -> Iterator[Check]:
    mapped = set(description.statuses.values())
    missing = [word for word in VIEW_STATUSES if word not in mapped]
    if not missing:
        yield Check("statuses", OK, "every status has a word")
        return
    state = WARN if set(missing) - {"REVIEW"} else OK
    what = f"no word is mapped to {', '.join(missing)}: if it has one, a view that shows it cannot be read"
    yield Check("statuses", state, what, "add its words to statuses" if state == WARN else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
