"""What a provider held at each moment of a play, as the provider states of a pact: read from its journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from badgateway.journal.entry import Entry
from badgateway.payments.decisions import CARDS

STATES_MAX = 12  # of one payment; a longer history is nobody's precondition
# How a payment stands once it was created or charged -> the state that brings it there.
_BEGINNINGS = {
    "new": "a payment is open",
    "authorized": "a payment is authorized",
    "succeeded": "a payment is captured",
    "pending": "a payment is processing",
    "action": "a payment wants authentication",
}
_DECLINED = "a payment is declined"
# States that depend on the card, a soft decline is worded otherwise than a hard one: what it has to do.
_OF_CARDS = {
    _DECLINED: "declined",
    "a payment is processing": "pending",
    "a payment wants authentication": "action",
}
# Movements of money that nobody of the integration asked for.
_BY_ITSELF = {
    "expire": "a hold has expired",
    "capture_fail": "a capture has failed",
    "dispute_won": "a dispute is won",
    "dispute_lost": "a dispute is lost",
}
_CHARGES = ("create", "charge")
# Who ends what is still open -> the state it is open in, and the states after a good and a bad end.
_ENDINGS = {
    "act:clear": (
        "a payment is processing",
        "a pending payment has come through",
        "a pending payment has failed",
    ),
    "act:authenticate": (
        "a payment wants authentication",
        "a shopper has authenticated",
        "a shopper has failed to authenticate",
    ),
}


@dataclass(frozen=True, slots=True)
class State:
    """One provider state with its parameters."""

    name: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """One payment as a provider held it: under which ids it is known, and the states that bring it about."""

    payment: str
    provider: str
    ids: frozenset[str]
    states: tuple[State, ...]


@dataclass(slots=True)
class _Payment:
    """A payment while the journal is read."""

    id: str
    provider: str
    amount_minor: int
    currency: str
    order: str | None
    card: str | None
    ids: set[str] = field(default_factory=set)
    states: list[State] = field(default_factory=list)
    begun_by: str = ""  # the call whose movements of money are part of the first state
    is_ended: bool = False  # what was pending, or waited for the shopper, is not any more

    def held(self) -> Held:
        return Held(self.id, self.provider, frozenset(self.ids | {self.id}), tuple(self.states))

    def begin(self, name: str, call: str) -> None:
        params = {"id": self.id, "amount_minor": self.amount_minor, "currency": self.currency}
        order = {"order": self.order} if self.order is not None else {}
        decided = CARDS[self.card].kind if self.card is not None and self.card in CARDS else ""
        card = {"card": self.card} if decided == _OF_CARDS.get(name, "none") else {}
        self.states, self.begun_by, self.is_ended = [State(name, params | order | card)], call, False

    def add(self, name: str, **params: Any) -> None:
        if len(self.states) < STATES_MAX:
            self.states.append(State(name, params))


class History:
    """The payments of one play before each of its calls, and at each of its events."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.before: dict[str, tuple[Held, ...]] = {}  # a call's id -> what was held when it was carried out
        self.at: dict[str, tuple[Held, ...]] = {}  # an event's id -> what was held once it was made
        self.stood: dict[str, str | None] = {}  # a call's or an event's id -> the payment's status after it
        self.replayed: set[str] = set()  # calls that were answered with what was stored under their key
        self.is_struck = False  # something went wrong on purpose: answers are no promises
        self._payments: dict[str, _Payment] = {}
        self._orders: dict[str | None, Mapping[str, Any]] = {}
        self._asked: dict[str, Entry] = {}
        for entry in entries:
            self._take(entry)

    def _take(self, entry: Entry) -> None:
        data = entry.data
        match entry.kind:
            case "run.order":
                self._orders[entry.order] = data
            case "fault.fired":
                self.is_struck = True
            case "call.arrived":
                self._asked[data["call"]] = entry
            case "call.committed":
                self.before[data["call"]] = self._held()
                self.stood[data["call"]] = data["payment_status"]
                if data["is_replayed"]:
                    self.replayed.add(data["call"])
                elif data["is_applied"]:
                    self._commit(entry)
            case "ledger.entry":
                self._post(data)
            case "event.created":
                known = self._payments.get(data["payment"] or "")
                if known is not None:
                    self._end(known, data["cause"], is_good=False)
                self.at[data["event"]] = self._held()
                self.stood[data["event"]] = data["tells"]

    def _held(self) -> tuple[Held, ...]:
        return tuple(one.held() for one in self._payments.values())

    def _commit(self, entry: Entry) -> None:
        data, asked = entry.data, self._asked[entry.data["call"]].data
        payment, status = data["payment"], data["payment_status"]
        if payment is None:
            return
        if payment not in self._payments and asked["amount_minor"] is not None:
            agreed = self._orders.get(entry.order, {})
            self._payments[payment] = _Payment(
                payment,
                asked["provider"],
                asked["amount_minor"],
                asked["currency"] or "",
                agreed.get("reference"),
                agreed.get("card"),
            )
        known = self._payments.get(payment)
        if known is None:
            return
        if asked["op"] in _CHARGES:
            is_declined = data["refusal"] is not None and status == "new"
            known.begin(_DECLINED if is_declined else _BEGINNINGS.get(status, ""), data["call"])
        elif asked["op"] == "void":
            known.add("a hold is let go", payment_id=known.id)

    def _post(self, data: Mapping[str, Any]) -> None:
        known = self._payments.get(data["payment"] or "")
        if known is None or data["cause"] == known.begun_by:
            return
        known.ids |= {one for one in (data["refund"], data["dispute"]) if one is not None}
        if not self._end(known, data["cause"], is_good=True):
            self._move(known, data)

    def _move(self, known: _Payment, data: Mapping[str, Any]) -> None:
        """Add the state that a movement of money is."""
        part = {"payment_id": known.id, "amount_minor": data["amount_minor"]}
        match data["kind"]:
            case "capture" if data["cause"] not in _ENDINGS:
                known.add("a hold is captured", **part)
            case "void" if not _is_let_go(known):
                known.add("a hold is let go", payment_id=known.id)
            case "expire" | "capture_fail" as kind:
                known.add(_BY_ITSELF[kind], payment_id=known.id)
            case "refund":
                order = {"order": known.order} if known.order is not None else {}
                known.add("a payment is refunded", id=data["refund"], **part, **order)
            case "refund_fail":
                self._fail_refund(known, data["refund"])
            case "dispute_open":
                known.add("a payment is disputed", id=data["dispute"], **part)
            case "dispute_won" | "dispute_lost" as kind:
                known.add(_BY_ITSELF[kind], id=data["dispute"])

    def _end(self, known: _Payment, cause: str, *, is_good: bool) -> bool:
        """Say whether this ended what was open about a payment, and add the state that says how."""
        if cause not in _ENDINGS or known.is_ended or not known.states:
            return False
        waiting, good, bad = _ENDINGS[cause]
        if known.states[-1].name != waiting:
            return False
        known.is_ended = True
        known.add(good if is_good else bad, payment_id=known.id)
        return True

    def _fail_refund(self, known: _Payment, refund: str) -> None:
        """Put the state in which a refund fails in the place of the one in which it was made."""
        known.states = [
            State("a refund has failed", one.params)
            if one.name == "a payment is refunded" and one.params["id"] == refund
            else one
            for one in known.states
        ]


def _is_let_go(known: _Payment) -> bool:
    return any(state.name == "a hold is let go" for state in known.states)
