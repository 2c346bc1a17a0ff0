"""What a view of an order may say, given what happened to its money: nothing newer, nothing forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from badgateway.journal.entry import Entry
from badgateway.journal.history import History
from badgateway.journal.money import Money

HANDED = ("fulfil", "ship", "deliver", "credit", "grant", "unlock")
_FURTHER = ("renew", "increment", "capture", "refund", "cancel")  # asked about a payment that is there
_DECISIONS = ("open", "pay", *_FURTHER)
_OPENED, _CLOSED = "dispute.opened", ("dispute.won", "dispute.lost")


@dataclass(frozen=True, slots=True)
class Change:
    """One observed change of an order's status; the first view counts as a change from UNPAID."""

    before: Entry | None
    after: Entry
    is_justified: bool

    @property
    def sentence(self) -> str:
        """Say the change in words."""
        was = self.before.data["status"] if self.before else "UNPAID"
        return f"{self.after.order} went from {was} to {self.after.data['status']}"


def changes(history: History, order: str) -> Iterator[Change]:
    """Give the changes of an order's status, and whether the ledger or a new decision justifies each.

    A view may lag behind the ledger, and may pass over states that nobody read; it may not go back
    behind what it once showed. `known` is the earliest moment of the ledger that explains
    what was shown so far; `reason` is the newest position that gave one, for a decision the view after it.
    """
    known, reason, before, status = 0, 0, None, "UNPAID"
    for view in history.views(order):
        shown = str(view.data["status"])
        if shown == status:
            before, reason = view, max(reason, _still_true_since(history, order, shown, view.seq))
            continue
        found = _explained(history, order, shown, known, view.seq, status)
        is_new = found is None and (
            _is_decided(history, order, shown, before, view)
            or (shown == "PENDING" and _is_awaited(history, order, reason, view.seq))
        )
        yield Change(before, view, is_justified=found is not None or is_new)
        # A change without a reason is told once; what follows is judged from the same knowledge.
        known = known if found is None else found
        reason = max(reason, view.seq if is_new else known)
        before, status = view, shown


def _explained(history: History, order: str, status: str, known: int, until: int, was: str) -> int | None:
    """Give the earliest moment, from what is known on, at which the ledger agrees with a status.

    Who has shown an inquiry shows its end, if it has one by then: not that it need not be shown.
    """
    moments = _moments(history, order)
    start = max(seq for seq, _ in moments if seq <= known)
    found = [
        seq for seq, money in moments if start <= seq <= until and _agrees(history, order, status, money, seq)
    ]
    if was == "DISPUTED":
        found = [seq for seq in found if not _is_asked_about(history, order, seq)] or found
    return found[0] if found else None


def _still_true_since(history: History, order: str, status: str, until: int) -> int:
    """Give where money moved last, if a status agrees with that: a view of it then shows what was asked."""
    seq, money = [moment for moment in history.moments(order) if moment[0] <= until][-1]
    return seq if _agrees(history, order, status, money, seq) else 0


def _moments(history: History, order: str) -> list[tuple[int, Money]]:
    """Give (position, money) after each ledger entry, and where an inquiry began or ended; oldest first."""
    asked = [(event.seq, history.money(order, event.seq)) for event in _inquiries(history, order)]
    return sorted([*history.moments(order), *asked], key=lambda moment: moment[0])


def _inquiries(history: History, order: str) -> list[Entry]:
    """Give the provider's events of disputes that moved no money: there the shopper's bank only asks."""
    return [
        event
        for event in history.of_kind("event.created", order)
        if event.data["name"] in {_OPENED, *_CLOSED} and not event.data["facts"]
    ]


def _is_asked_about(history: History, order: str, at: int) -> bool:
    """Say whether an inquiry was open at a position."""
    is_begun = [event.data["name"] == _OPENED for event in _inquiries(history, order) if event.seq <= at]
    return is_begun.count(True) > is_begun.count(False)


def _agrees(history: History, order: str, status: str, money: Money, at: int) -> bool:
    # REVIEW, and words that no law speaks about, agree with everything.
    return (
        status not in _AGREES
        or _AGREES[status](money)
        or _is_covered_otherwise(history, order, status, money, at)
        or (status == "DISPUTED" and _is_asked_about(history, order, at))
    )


_AGREES: Mapping[str, Callable[[Money], bool]] = {
    "UNPAID": lambda money: money.captured <= 0 and not money.held,
    "PENDING": lambda money: money.captured <= 0 and not money.held,
    # A bank debit that was returned has failed, though it had been paid.
    "FAILED": lambda money: (money.captured <= 0 or (money.lost > 0 and money.net <= 0)) and not money.held,
    "CANCELLED": lambda money: money.net <= 0 and not money.held,
    "AUTHORIZED": lambda money: money.held > 0,
    "PAID": lambda money: money.captured > 0 and not (money.refunded or money.disputed or money.lost),
    "PARTIALLY_REFUNDED": lambda money: money.refunded > 0 and money.net > 0,
    "REFUNDED": lambda money: money.refunded + money.lost > 0 and money.net <= 0,
    "DISPUTED": lambda money: money.disputed > 0 or money.lost > 0,
}


def _is_covered_otherwise(history: History, order: str, status: str, money: Money, at: int) -> bool:
    """Say whether an order may be called paid without a capture: it is free, or ships on a declared hold."""
    ships_on_hold = history.declares.get("ship_on") in {"authorized", "pending"} and money.held > 0
    return status == "PAID" and (ships_on_hold or history.agreed(order, at) == 0)


def _is_decided(history: History, order: str, status: str, before: Entry | None, view: Entry) -> bool:
    """Say whether a person's decision explains a status that the ledger does not (yet) explain."""
    since = before.seq if before else 0
    asked = {one.do for one in history.operations(order) if one.invoked.seq < view.seq}
    new = {
        one.do
        for one in history.operations(order)
        if one.invoked.seq < view.seq and (one.returned is None or one.returned.seq > since)
    }
    was = before.data["status"] if before else "UNPAID"
    match status:
        case "PENDING" | "UNPAID":
            return was == "REVIEW" or bool(new.intersection(_DECISIONS))
        case "FAILED":
            # Money that was only held may be let go without a word of the ledger yet; money taken may not.
            return history.money(order, view.seq).captured <= 0 and bool(new.intersection(_DECISIONS))
        case "CANCELLED":
            return "cancel" in asked
        case "REFUNDED" | "PARTIALLY_REFUNDED":
            money = history.money(order, view.seq)
            return "refund" in asked or money.refunded > 0
    return was == "REVIEW" and status not in {"PAID", "AUTHORIZED"}


def _is_awaited(history: History, order: str, since: int, until: int) -> bool:
    """Say whether more was asked after the last reason, and not refused: a lagging view awaits it."""
    return any(
        one.do in _FURTHER and since < one.invoked.seq < until
        for one in history.operations(order)
        if one.returned is None or one.returned.data["outcome"] != "fail"
    )


def regressions(history: History, order: str) -> tuple[Change, ...]:
    """Give the changes without a reason that were first seen right after a genuine webhook."""
    sent = [one.sent.seq for one in history.deliveries(order) if one.is_genuine]
    return tuple(
        change
        for change in changes(history, order)
        if not change.is_justified
        and any((change.before.seq if change.before else 0) < seq < change.after.seq for seq in sent)
    )


def outdated(history: History, order: str, view: Entry) -> str:
    """Say how a view takes on a status that was true once and is no longer; empty where it does not."""
    shown = [one for one in history.views(order) if one.seq < view.seq]
    before, status = (str(shown[-1].data["status"]) if shown else "UNPAID"), str(view.data["status"])
    is_true = _agrees(history, order, status, history.money(order, view.seq), view.seq)
    if before == status or is_true or _is_decided(history, order, status, shown[-1] if shown else None, view):
        return ""
    return f"{order} went from {before} to {status}, which is true no longer"


def false_amounts(history: History, order: str, view: Entry) -> str:
    """Say which amount or effect in a view was never true up to it; empty where all may have been."""
    reached = [money for seq, money in history.moments(order) if seq <= view.seq]
    paid, refunded = view.data["paid_minor"] or 0, view.data["refunded_minor"] or 0
    most_held = max(money.captured + money.held for money in reached)
    if paid > most_held:
        return f"{order} is shown with more paid than the provider ever held"
    # A refund that was asked for may be shown before the provider confirms it.
    if refunded > max(money.refunded for money in reached) and not history.operations(order, "refund"):
        return f"{order} is shown with more refunded than the provider ever gave back"
    if handed_over(view) and most_held < history.due(order) and not is_trusted(history, order, view.seq):
        return f"{order} was handed over though it was never covered"
    return ""


def is_trusted(history: History, order: str, at: int) -> bool:
    """Say whether goods may leave on a payment under way: that is declared, and the provider has one."""
    if history.declares.get("ship_on") != "pending":
        return False
    accepted = (one.committed for one in history.calls(order, "charge") if not one.refusal)
    asked = any(one and one.seq <= at and one.data["payment_status"] == "pending" for one in accepted)
    told = (one for one in history.of_kind("event.created", order) if one.seq <= at)
    return asked or any(one.data["name"] == "payment.pending" for one in told)


def handed_over(view: Entry) -> int:
    """Give how often a view says that goods, access or credit were handed over, by its effects' names."""
    effects = view.data["effects"] or {}
    given = [count for name, count in effects.items() if any(word in name.lower() for word in HANDED)]
    return max(given, default=0)
