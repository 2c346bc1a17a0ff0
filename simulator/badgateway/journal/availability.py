"""What a slow or dead provider does to everything else: pages, further calls, orders that were left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from badgateway.journal.entry import Entry
from badgateway.journal.history import History
from badgateway.journal.joined import Call

WAITING = frozenset({"UNPAID", "PENDING"})
CONTROL_SHARE = 0.5  # a page that needs this share of the hold with nothing in its way proves nothing
PAUSE_SHARE = 0.5  # of the declared pause: ours and the integration's clock begin it at different moments


@dataclass(frozen=True, slots=True)
class Tested:
    """One thing that was put to the test: what was seen, what is wrong with it, or why nobody can tell."""

    proof: tuple[Entry, ...]
    wrong: str = ""
    unknown: str = ""
    order: str | None = None


def asked_meanwhile(history: History) -> Iterator[Tested]:
    """Give what was asked while a call was held; wrong where only the end of the call brought an answer.

    Judged by outcome and not by milliseconds: answered while the call was held, or not; and where not, the
    same is asked again with nothing in the way, so that a slow machine is not blamed on the integration.
    """
    answers = history.of_kind("load.answered")
    for one in answers:
        if one.data["is_control"]:
            continue
        status = one.data["http_status"]
        is_error = status is None or status >= 500
        if one.data["is_in_time"] and not is_error:
            yield Tested((one,), order=one.order)
            continue
        same = ("load", "on", "n")
        control = next(
            (
                again
                for again in answers
                if again.data["is_control"] and all(again.data[key] == one.data[key] for key in same)
            ),
            None,
        )
        told = f"HTTP {status}" if status else one.data["problem"] or "no answer"
        held = next((call for call in history.calls() if call.id == one.data["call"]), None)
        name = f"{held.op}[{held.arrived.data['n']}]" if held else "a call"
        since = (held.arrived,) if held else ()
        what = f"{one.data['on']} was not answered while {name} was held for "
        what += f"{one.data['held_ms']:.0f} ms" + (f": {told}" if is_error else "")
        if control is None:
            yield Tested((*since, one), unknown=f"{what}; it was not asked again", order=one.order)
        elif _is_free(control, float(one.data["held_ms"]), is_error=bool(is_error)):
            yield Tested((*since, one, control), wrong=what, order=one.order)
        else:
            yield Tested((*since, one, control), unknown=f"{what}, and no better afterwards", order=one.order)


def _is_free(control: Entry, held_ms: float, *, is_error: bool) -> bool:
    """Say whether the second answer shows that the held call stood in the way of the first."""
    status = control.data["http_status"]
    is_well = status is not None and status < 500
    return is_well and (is_error or float(control.data["elapsed_ms"]) < held_ms * CONTROL_SHARE)


def calls_of_an_outage(history: History) -> Iterator[Tested]:
    """Give the calls after so many failed ones that the declared breaker must be open.

    A call is wrong where it comes before the declared pause is over. It counts only where somebody asked for
    it after the last failure: who was under way already may not have heard of it. What a `sync` or a webhook
    asks for is let through: somebody wants to know, or the provider has just shown that it lives. A start of
    the process begins anew.
    """
    failures_max = history.declares.get("breaker_failures")
    pause_ms = float(history.declares.get("breaker_pause_ms") or 0)
    if not failures_max:
        return
    by_provider: dict[str, list[Call]] = {}
    for call in history.calls():
        by_provider.setdefault(str(call.arrived.data["provider"]), []).append(call)
    for calls in by_provider.values():
        for call in calls:
            failed = _failed_in_a_row(history, calls, call)
            if len(failed) < failures_max or _is_told_to_look(history, call.arrived.seq):
                continue
            last = failed[-1].answered
            assert last is not None, "a call that failed is over"
            if not _is_asked_since(history, call, last.seq):
                continue
            waited_ms = call.arrived.real_ms - last.real_ms
            wrong = ""
            if waited_ms < pause_ms * PAUSE_SHARE:
                wrong = (
                    f"{len(failed)} calls in a row had failed, and another came after {waited_ms:.0f} ms; "
                    f"the declared breaker opens after {failures_max} and waits {pause_ms:.0f} ms"
                )
            yield Tested((failed[0].arrived, last, call.arrived), wrong, order=call.arrived.order)


def _failed_in_a_row(history: History, calls: list[Call], before: Call) -> list[Call]:
    """Give the calls that had failed, one after the other and surely, when a call arrived."""
    ended = [one for one in calls if one.answered is not None and one.answered.seq < before.arrived.seq]
    ended.sort(key=lambda one: one.answered.seq if one.answered else 0)
    restarts = [one.seq for one in history.of_kind("process.started") if one.seq < before.arrived.seq]
    failed: list[Call] = []
    for one in ended:
        assert one.answered is not None, "chosen above"
        status = one.answered.data["status"]
        if restarts and one.answered.seq < restarts[-1]:
            continue
        failed = [*failed, one] if status is None or status >= 500 else []
    return failed


def _is_asked_since(history: History, call: Call, since: int) -> bool:
    return any(since < one.invoked.seq < call.arrived.seq for one in history.operations(call.arrived.order))


def _is_told_to_look(history: History, at: int) -> bool:
    """Say whether a sync or a webhook was under way."""
    syncs = ((one.invoked, one.returned) for one in history.operations(None, "sync"))
    events = ((one.sent, one.answered) for one in history.deliveries())
    return any(begun.seq < at and (ended is None or ended.seq > at) for begun, ended in (*syncs, *events))


def left_orders(history: History) -> Iterator[Tested]:
    """Give the orders whose shopper left longer ago than the declared expiry; wrong where they still wait."""
    expiry_ms = history.declares.get("expiry_ms")
    if expiry_ms is None:
        return
    for order in history.orders:
        view, asked = history.final_view(order), history.operations(order, "pay", "authenticate", "return")
        left = [one for one in history.of_kind("op.acted", order) if one.data["do"] == "abandon"]
        if view is None or not left or not asked or asked[-1].invoked.seq > left[-1].seq:
            continue
        gone_ms = view.at_ms - left[-1].at_ms
        money = history.money(order)
        if gone_ms < expiry_ms or money.captured or money.held:
            continue
        wrong = ""
        if view.data["status"] in WAITING:
            wrong = (
                f"{order} is still {view.data['status']}, {gone_ms // 60_000} minutes after its shopper "
                f"left; it declares that it gives up after {expiry_ms // 60_000}"
            )
        yield Tested((left[-1], view), wrong, order=order)
