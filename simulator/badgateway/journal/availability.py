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
_PAGES = {"health": "the health page", "view": "a view", "open": "a new order"}


@dataclass(frozen=True, slots=True)
class Tested:
    """One thing that was put to the test: what was seen, what is wrong with it, or why nobody can tell."""

    proof: tuple[Entry, ...]
    wrong: str = ""
    unknown: str = ""
    order: str | None = None
    is_timed: bool = False  # how long it took is all that is wrong


def asked_meanwhile(history: History) -> Iterator[Tested]:
    """Give what was asked while a call was held; wrong where only the end of the call brought an answer.

    Judged by outcome and not by milliseconds: answered while the call was held, or not. A machine may stall
    once: silence counts only where it came with each of two held calls or more, and with none when nothing
    was held any more. An error counts where the same is answered well afterwards.
    """
    answers = history.of_kind("load.answered")
    for one in answers:
        if one.data["is_control"]:
            continue
        if _is_served(one):
            yield Tested((one,), order=one.order)
            continue
        same = [other for other in answers if all(other.data[key] == one.data[key] for key in ("load", "on"))]
        yield _tested(history, one, same)


def _is_served(answer: Entry) -> bool:
    status = answer.data["http_status"]
    return bool(answer.data["is_in_time"]) and status is not None and status < 500


def _tested(history: History, one: Entry, same: list[Entry]) -> Tested:
    held = next((call for call in history.calls() if call.id == one.data["call"]), None)
    name = f"{held.op}[{held.arrived.data['n']}]" if held else "a call"
    status = one.data["http_status"]
    is_error = status is None or status >= 500
    page = _PAGES.get(one.data["on"], one.data["on"])
    what = f"{page} was not answered while {name} was held for {one.data['held_ms']:.0f} ms"
    if is_error:
        what += f": {f'HTTP {status}' if status else one.data['problem'] or 'no answer'}"
    control = next((other for other in same if other.data["is_control"]), None)
    asked = [other for other in same if not other.data["is_control"]]
    proof = (*((held.arrived,) if held else ()), *asked, *((control,) if control else ()))
    if control is None:
        return Tested(proof, unknown=f"{what}; it was not asked again", order=one.order)
    if not _is_free(control, float(one.data["held_ms"]), is_error=is_error):
        return Tested(proof, unknown=f"{what}, and no better afterwards", order=one.order)
    if not is_error and (len(asked) < 2 or any(_is_served(other) for other in asked)):
        return Tested(proof, unknown=f"{what}; that was seen once, and may be the machine", order=one.order)
    return Tested(proof, wrong=what, order=one.order)


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
