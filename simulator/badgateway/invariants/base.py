"""What an invariant is: it reads histories and returns an opinion; what several of them ask of a view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from badgateway.ground.money import to_text
from badgateway.journal.entry import Entry
from badgateway.journal.history import History

ALWAYS, AT_REST = "always", "at rest"
RECORDED = frozenset({"PAID", "PARTIALLY_REFUNDED", "DISPUTED", "REVIEW"})
WAITING = frozenset({"UNPAID", "PENDING"})


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where a law was broken, with the journal entries that prove it."""

    order: str | None
    sentence: str
    proof: tuple[int, ...]  # numbers of journal entries, in order
    is_always: bool = True  # proven by entries alone; False: only what is at rest was judged
    began: int = 0  # number of the entry at which it broke; 0: the first of the proof
    is_timed: bool = False  # proven by how long it took: a machine that stood still shows the same


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one invariant makes of one play: how often it was tested, what broke, why it cannot tell."""

    antecedents: int = 0
    breaches: tuple[Breach, ...] = ()
    unknown: str = ""  # why it cannot be judged here
    not_judged: str = ""  # what this integration does not show, so that it never is


@dataclass(frozen=True, slots=True)
class Invariant:
    """Base of the catalogue; the first line of a law's docstring is its claim."""

    name: ClassVar[str]
    code: ClassVar[str]  # in facts/correctness.md
    when: ClassVar[str] = ALWAYS
    remedy: ClassVar[str] = ""

    @property
    def claim(self) -> str:
        """Give the claim that reports print."""
        return (type(self).__doc__ or "").strip().splitlines()[0].rstrip(".")

    def judge(self, history: History, twin: History | None) -> Opinion:
        """Give an opinion on one play; the twin is the same story with its webhooks in the plain order."""
        raise NotImplementedError


def money_text(minor: int, currency: str) -> str:
    """Write minor units in the currency's own unit."""
    try:
        return to_text(minor, currency)
    except ValueError:
        # An integration may ask for money that does not exist; that is a finding, no failure of ours.
        return f"{minor} minor units of {currency}"


def shown(part: object) -> str:
    """Write a part of a view as a sentence names it: counts as `mail 1, stock 1`."""
    if not isinstance(part, Mapping):
        return str(part)
    return ", ".join(f"{name} {count}" for name, count in part.items()) or "none"


def at_rest(history: History) -> str:
    """Say why what holds at rest cannot be judged; empty where it can."""
    return "" if history.is_quiescent else f"the run did not come to rest: {history.why_not_quiescent}"


def seqs(*entries: Entry | None) -> tuple[int, ...]:
    """Give the numbers of the entries that there are, in order, as a proof."""
    return tuple(sorted({entry.seq for entry in entries if entry is not None}))


def ledger_seqs(history: History, order: str, *kinds: str) -> tuple[int, ...]:
    """Give the numbers of an order's ledger entries of some kinds."""
    return tuple(one.seq for one in history.of_kind("ledger.entry", order) if one.data["kind"] in kinds)


def final_views(history: History, orders: Iterable[str]) -> tuple[list[tuple[str, Entry]], str]:
    """Give the final views of orders, and why one of them is missing."""
    views, missing = [], []
    for order in orders:
        view = history.final_view(order)
        if view is not None:
            views.append((order, view))
        else:
            missing.append(order)
    return views, f"the final view of {', '.join(missing)} could not be read" if missing else ""


def short(history: History, order: str, claim: str, covered: int) -> str:
    """Say how much money is missing behind a claim; empty where what is due is covered."""
    due, currency = history.due(order), history.currency(order)
    if covered >= due:
        return ""
    there, needed = money_text(covered, currency), money_text(due, currency)
    return f"{order} is {claim}, with {there} of {needed} at the provider"


def unrecorded(history: History, order: str, view: Entry) -> str:
    """Say how a view fails to show money that the shopper is out of pocket for; empty where it shows it."""
    money, status = history.money(order), view.data["status"]
    if money.net <= 0:
        return ""
    currency = history.currency(order)
    # Part of the money taken, the rest still held: both words are true.
    is_partly_held = status == "AUTHORIZED" and money.held > 0
    if status not in RECORDED and not is_partly_held:
        taken = money_text(money.net, currency)
        return f"the provider holds {taken} of the shopper for {order}, the integration says {status}"
    if status == "PAID" and view.data["paid_minor"] == 0 and "paid" in history.judgeable:
        return (
            f"{order} is shown as PAID with nothing paid, the provider took {money_text(money.net, currency)}"
        )
    return ""


def amount_errors(history: History, order: str, view: Entry) -> list[str]:
    """List the shown amounts that differ from the provider's; REVIEW is for a human to settle."""
    money, data, currency = history.money(order), view.data, history.currency(order)
    if data["status"] == "REVIEW":
        return []
    errors = []
    paid, refunded = data["paid_minor"], data["refunded_minor"]
    # Gross, net of refunds, and net of lost disputes are all honest ways to show what was paid.
    honest = {money.captured, money.captured - money.lost, money.net}
    if data["status"] == "AUTHORIZED":
        honest.add(money.held)
    if "paid" in history.judgeable and paid is not None and paid not in honest:
        taken = money_text(money.captured, currency)
        errors.append(f"{order} is shown with {money_text(paid, currency)} paid, the provider took {taken}")
    given_back = {money.refunded, money.refunded - history.pending_refunds(order)}
    if "refunded" in history.judgeable and refunded is not None and refunded not in given_back:
        told, back = money_text(refunded, currency), money_text(money.refunded, currency)
        errors.append(f"{order} is shown with {told} refunded, the provider gave back {back}")
    shown = data["currency"]
    if "currency" in history.judgeable and paid and shown is not None and shown.upper() != currency:
        errors.append(f"{order} is shown in {shown}, it was agreed in {currency}")
    return errors


def still_waiting(history: History, order: str, view: Entry) -> str:
    """Say how a view still waits for what is final at the provider; empty where it does not."""
    money, status = history.money(order), view.data["status"]
    if money.held or status not in WAITING:
        return ""
    if money.captured > 0:
        return f"{order} is {status} for ever, though the provider has captured it"
    if status == "PENDING" and money.released:
        return f"{order} is PENDING for ever, though the provider has released the hold"
    return ""


def gap(history: History, order: str, view: Entry) -> str:
    """Say the first thing in which a view at rest differs from the money that moved; empty: in nothing."""
    gaps = (unrecorded(history, order, view), still_waiting(history, order, view))
    return next((one for one in (*gaps, *amount_errors(history, order, view)) if one), "")
