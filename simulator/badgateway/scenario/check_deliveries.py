"""Deliveries: each event can happen, and what is asked of its delivery goes together."""

from __future__ import annotations

from collections.abc import Mapping

from badgateway.errors import Problem
from badgateway.scenario.language import FORGED
from badgateway.scenario.model import Case, Delivery, Selector

# Events that only the provider's own acts bring about: event -> the steps one of which must be in the story.
_ACTS = {
    "dispute.opened": ("dispute", "return_debit"),
    "dispute.won": ("dispute",),
    "dispute.lost": ("dispute", "return_debit"),
    "payment.expired": ("expire_authorization", "advance"),
    "capture.failed": ("fail_capture",),
    "payout.paid": ("payout",),
}
_REFUNDS = ("refund", "refund_from_dashboard", "cancel")


def check_deliveries(case: Case) -> list[Problem]:
    """Give what is wrong with the deliveries of a case."""
    problems = []
    for delivery in case.deliveries:
        problems += [
            case.document.problem((*delivery.path, key), what, mend, at_key=True)
            for key, what, mend in (*_events(case, delivery), *_together(delivery))
        ]
    return problems + _circles(case)


def _events(case: Case, delivery: Delivery) -> list[tuple[str, str, str]]:
    told = []
    for key, selector in (("event", delivery.event), ("after", delivery.after)):
        if selector is None or (
            key == "event" and (delivery.signature in FORGED or delivery.is_of_strangers)
        ):
            continue
        missing = _missing(case, selector)
        if missing:
            told.append((key, f"{selector.text!r} can never happen here", f"no step is {missing}"))
    if delivery.is_before_reply and delivery.event.name in _ACTS:
        what = f"no call causes {delivery.event.name!r}, so there is no reply to be before"
        told.append(("before", what, "leave `before` out"))
    return told


def _missing(case: Case, selector: Selector) -> str:
    if selector.provider is not None:
        return ""
    done = {step.do for step in case.each_step() if selector.order in (None, step.order) or not step.order}
    wanted = _ACTS.get(selector.name, _REFUNDS if selector.name.startswith("refund.") else ())
    return "" if not wanted or done & set(wanted) else " or ".join(wanted)


def _together(delivery: Delivery) -> list[tuple[str, str, str]]:
    shaped = {
        "copies": delivery.copies > 1,
        "before": delivery.is_before_reply,
        "after": delivery.after is not None,
        "delay": delivery.delay_ms > 0,
        "late": delivery.is_late,
        "signature": delivery.signature is not None,
        "mutate": bool(delivery.mutate),
    }
    told = []
    if delivery.is_lost:
        clash = [name for name, is_said in shaped.items() if is_said]
        told += [
            (name, f"a delivery that is lost has no `{name}`", f"say `lose` or `{name}`") for name in clash
        ]
    elif delivery.is_before_reply:
        told += [
            (name, f"a delivery before the reply has no `{name}`", f"say `before` or `{name}`")
            for name in ("after", "delay", "late")
            if shaped[name]
        ]
    if delivery.mutate and delivery.signature in (*FORGED, "stale"):
        what = f"only the provider's own event has other content, not one signed {delivery.signature!r}"
        told.append(("mutate", what, "say `mutate` or `signature`"))
    told += _at_a_barrier(delivery, shaped)
    told += _words(delivery, shaped)
    if delivery.how == "at_once" and delivery.copies < 2:
        told.append(("how", "one copy alone cannot come at once", "say `copies: 2` or more"))
    if delivery.after is not None and delivery.after.n is None:
        mend = f"say {delivery.after.text.replace('[*]', '[1]')}"
        told.append(("after", f"{delivery.after.text!r} is many events, and `after` waits for one", mend))
    return told


def _at_a_barrier(delivery: Delivery, shaped: Mapping[str, bool]) -> list[tuple[str, str, str]]:
    """Give what goes neither with a race nor with a kill: each has a moment of its own."""
    clash = [name for name in ("before", "after", "delay", "late") if shaped[name]]
    clash += ["signature"] if delivery.signature in FORGED else []
    told = []
    if delivery.beside is not None:
        told += [(name, "with") for name in (*clash, *(["lose"] if delivery.is_lost else []))]
        told += [("then", "with")] if delivery.then is not None else []
    elif delivery.then is not None:
        told += [(name, "then") for name in (*clash, *(["copies"] if shaped["copies"] else []))]
        told += [("lose", "then")] if delivery.is_lost else []
    return [
        (name, f"a delivery with `{key}` has no `{name}`", f"say `{key}` or `{name}`") for name, key in told
    ]


# What cannot be said beside a word about whose event it is, or where and how often it goes.
_ALONE = {
    "from": ("lose", "before", "signature", "mutate", "with", "then"),
    "to": ("lose", "before", "signature", "late", "with", "then"),
    "resend": ("lose", "copies", "before", "signature", "late", "with", "then"),
    "as": ("lose", "before", "signature", "with", "then"),
    "batch": ("lose", "before", "signature", "late", "mutate", "with", "then"),
}


def _words(delivery: Delivery, shaped: Mapping[str, bool]) -> list[tuple[str, str, str]]:
    said = {
        "from": delivery.is_of_strangers,
        "to": delivery.to is not None,
        "resend": delivery.is_resent,
        "as": delivery.is_renamed,
        "batch": bool(delivery.batch),
    }
    barriers = {"with": delivery.beside is not None, "then": delivery.then is not None}
    all_said = {**shaped, **barriers, "lose": delivery.is_lost}
    first, *others = [name for name, is_said in said.items() if is_said] or [""]
    clash = [*others, *(name for name in _ALONE.get(first, ()) if all_said[name])]
    told = [
        (name, f"a delivery with `{first}` has no `{name}`", f"say `{first}` or `{name}`") for name in clash
    ]
    if delivery.is_renamed and delivery.copies < 2:
        told.append(("as", "one copy alone has its own id", "say `copies: 2` or more"))
    for place, one in enumerate(delivery.batch):
        if one.n is None or delivery.event.n is None:
            told.append(("batch", f"{one.text!r} travels with one event", "number both, such as [1]"))
        elif one == delivery.event or one in delivery.batch[:place]:
            told.append(("batch", f"{one.text!r} is in the request already", "name each event once"))
    return told


def _circles(case: Case) -> list[Problem]:
    """Find deliveries that wait for each other; a lost event is waited for in vain and counts as well."""
    waits = {_name(one.event): one for one in case.deliveries if one.after is not None}
    lost = {_name(one.event) for one in case.deliveries if one.is_lost}
    problems = []
    for first in waits.values():
        seen, one = [_name(first.event)], first
        while one.after is not None:
            name = _name(one.after)
            if name in lost:
                what, mend = f"waits for {one.after.text!r}, which is lost", "leave `after` out"
                problems.append(case.document.problem((*one.path, "after"), what, mend))
                break
            if name == seen[0]:
                what = f"waits for itself: {' after '.join([*seen, name])}"
                problems.append(case.document.problem((*first.path, "after"), what, "leave one `after` out"))
            if name in seen or name not in waits:
                break
            seen.append(name)
            one = waits[name]
    return list(dict.fromkeys(problems))


def _name(selector: Selector) -> str:
    order = f"{selector.order}." if selector.order else ""
    return f"{order}{selector.name}[{'*' if selector.n is None else selector.n}]"
