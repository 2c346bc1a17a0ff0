"""What the story itself expects, judged like a law: statuses, amounts, announced breaks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from badgateway.invariants.base import Breach, Opinion, at_rest, ledger_seqs, money_text, seqs
from badgateway.journal.entry import Entry
from badgateway.journal.history import History

NAME, CODE = "expectation", "S"
CLAIM = "The story ends as its scenario expects"
REMEDY = (
    "Compare the final status and amounts with what the scenario expects. Where your integration means "
    "something else by a word, mend the status mapping in badgateway.yaml."
)


def expectation(history: History) -> Opinion:
    """Compare the end of the story with what its scenario expects."""
    expect: Mapping[str, Any] = history.plan.get("expect") or {}
    statuses: Mapping[str, str] = expect.get("order") or {}
    captured: Mapping[str, int] = expect.get("captured_minor") or {}
    refunded: Mapping[str, int] = expect.get("refunded_minor") or {}
    tested = len(statuses) + len(captured) + len(refunded)
    why = at_rest(history)
    if not tested or why:
        return Opinion(unknown=why if tested else "")
    breaches, unknown = [], ""
    for order, status in statuses.items():
        view = history.final_view(order)
        if view is None:
            unknown = f"the final view of {order} could not be read"
        elif _is_meant(history, order, status, view):
            continue
        elif reason := _why_not(history, order, status):
            unknown = reason
        else:
            sentence = f"{order} should end {status}, it is {view.data['status']}"
            breaches.append(Breach(order, sentence, seqs(view), is_always=False))
    for done, amounts, kind in (("captured", captured, "capture"), ("refunded", refunded, "refund")):
        for order, amount in amounts.items():
            moved: int = getattr(history.money(order), done)
            if moved < amount and (reason := _why_not(history, order, statuses.get(order))):
                unknown = reason
            elif moved != amount:
                currency = history.currency(order)
                sentence = (
                    f"{order} should end with {money_text(amount, currency)} {done}, "
                    f"the provider has {money_text(moved, currency)}"
                )
                breaches.append(Breach(order, sentence, ledger_seqs(history, order, kind), is_always=False))
    return Opinion(tested, tuple(breaches), unknown)


def unkept(announced: Collection[str], broken: Collection[str]) -> tuple[Breach, ...]:
    """Give a breach for every announced one that did not come."""
    return tuple(
        Breach(None, f"{name} was announced to break, and did not", (), is_always=False)
        for name in announced
        if name not in broken
    )


def _is_meant(history: History, order: str, status: str, view: Entry) -> bool:
    shown = view.data["status"]
    # An integration without a word for it may say PAID beside the right refunded amount.
    is_shown_beside = shown == "PAID" and view.data["refunded_minor"] == history.money(order).refunded > 0
    if status == "REVIEW" and not _reviews(history, order):
        return shown in {"REVIEW", "PAID", "AUTHORIZED"}
    return bool(shown == status or (status == "PARTIALLY_REFUNDED" and is_shown_beside))


def _reviews(history: History, order: str) -> bool:
    """Say whether REVIEW is asked for: not of who takes an issuer's yes for one, whatever it found wrong."""
    cards = [one.get("card") for one in history.plan.get("orders") or () if one.get("name") == order]
    cards += [one.get("card") for one in history.plan.get("steps") or () if one.get("order") == order]
    is_about_checks = any(str(card).endswith("_check_failed") for card in cards)
    return not is_about_checks or history.declares.get("failed_checks") == "review"


def _why_not(history: History, order: str, status: str | None) -> str:
    """Say why a story did not come to its end by nobody's fault: a human must look, or it was too early."""
    view = history.final_view(order)
    if view is not None and view.data["status"] == "REVIEW" != status:
        return f"{order} is in REVIEW: a human must look"
    for one in history.operations(order, "capture", "refund", "cancel"):
        if one.returned is None or one.returned.data["outcome"] != "fail":
            continue
        # What is shown as undecided may refuse; the story of a merchant who knew sooner was not told then.
        before = [view.data["status"] for view in history.views(order) if view.seq < one.invoked.seq]
        if before[-1:] == ["PENDING"]:
            return f"{order} was still PENDING when it was asked to {one.do}, and refused"
    return ""
