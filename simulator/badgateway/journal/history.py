"""A journal as answers: what was agreed, asked, moved, told and shown. Read only, joined once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from badgateway.journal.behind import as_seen_from_before
from badgateway.journal.entry import Entry
from badgateway.journal.joined import (
    Call,
    Delivery,
    Operation,
    join_calls,
    join_deliveries,
    join_operations,
)
from badgateway.journal.money import Money, moments
from badgateway.journal.raising import granted


class History:
    """One play. Positions are the journal's numbers of entries, so order never depends on a clock."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._asked = join_calls(self.entries)
        self._by_kind: dict[str, list[Entry]] = {}
        for entry in as_seen_from_before(self.entries, self._asked):
            self._by_kind.setdefault(entry.kind, []).append(entry)
        started = next(iter(self.of_kind("run.started")), None)
        self.started: Mapping[str, Any] = started.data if started else {}
        self.plan: Mapping[str, Any] = self.started.get("plan") or {}
        self.declares: Mapping[str, Any] = self.started.get("declares") or {}
        self.judgeable = frozenset(self.started.get("judgeable") or ())
        self._orders = {str(entry.order): entry for entry in self.of_kind("run.order")}
        self.orders = tuple(self._orders)
        # What an orchestrator asks of the providers behind it is not the integration's doing.
        self._calls = tuple(one for one in self._asked if one.arrived.data.get("by") is None)
        self._operations = join_operations(self.entries)
        self._deliveries = join_deliveries(self.entries)
        self._telling = tuple(one for one in self._calls if one.is_telling)
        known = (one for one in self._deliveries if one.is_genuine and one.is_telling)
        self._accepted = tuple(one for one in known if one.is_acknowledged)
        self._moments = {
            order: moments(self.of_kind("ledger.entry", order), self.currency(order)) for order in self.orders
        }
        finished = next(iter(self.of_kind("run.finished")), None)
        self.is_quiescent = bool(finished and finished.data["is_quiescent"])
        self.why_not_quiescent = (
            str(finished.data["why"] or "") if finished else "the run was broken off before it came to rest"
        )

    def touched(self) -> tuple[str, ...]:
        """Give the orders that the integration was asked anything about."""
        asked = {one.invoked.order for one in self._operations}
        return tuple(order for order in self.orders if order in asked)

    def of_kind(self, kind: str, order: str | None = None) -> tuple[Entry, ...]:
        """Give the entries of one kind, of one order where it is named."""
        return tuple(entry for entry in self._by_kind.get(kind, ()) if order is None or entry.order == order)

    def currency(self, order: str) -> str:
        """Give the agreed currency (ISO 4217)."""
        return str(self._orders[order].data["currency"])

    def quotes(self, order: str, at: int | None = None) -> tuple[int, ...]:
        """Give every amount that was ever agreed up to a position, oldest first; minor units."""
        asked = [
            int(one.invoked.data["amount_minor"])
            for one in self.operations(order)
            if one.do in {"open", "pay"}
            and one.invoked.data["amount_minor"] is not None
            and (at is None or one.invoked.seq <= at)
        ]
        return (int(self._orders[order].data["amount_minor"]), *asked)

    def agreed(self, order: str, at: int | None = None) -> int:
        """Give what the shopper agreed to pay by a position: the last amount of each decision, added up."""
        decisions: dict[str, int] = {order: int(self._orders[order].data["amount_minor"])}
        for one in self.operations(order):
            amount = one.invoked.data["amount_minor"]
            is_in_time = at is None or one.invoked.seq <= at
            if one.do in {"open", "pay"} and amount is not None and is_in_time:
                decisions[str(one.invoked.data["intent"] or order)] = int(amount)
        return sum(decisions.values()) + sum(self.raised(order, at))

    def raised(self, order: str, at: int | None = None) -> tuple[int, ...]:
        """Give by how much the hold of an order was raised by a position, one amount a granted wish."""
        wishes = [one.invoked for one in self.operations(order, "increment")]
        if not wishes:
            return ()
        ledger = [one for one in self.of_kind("ledger.entry", order) if at is None or one.seq <= at]
        calls = frozenset(call.id for call in self.calls(order, "increment"))
        return granted(wishes, ledger, calls, int(self._orders[order].data["amount_minor"]))

    def due(self, order: str) -> int:
        """Give what is to be captured in the end: as agreed, or less where the merchant asked for less."""
        asked = [
            int(one.invoked.data["amount_minor"])
            for one in self.operations(order)
            if one.do == "capture" and one.invoked.data["amount_minor"] is not None
        ]
        agreed = self.agreed(order)
        return min(agreed, sum(asked)) if asked else agreed

    def money(self, order: str, at: int | None = None) -> Money:
        """Give the money of an order after all ledger entries up to a position."""
        return [money for seq, money in self._moments[order] if at is None or seq <= at][-1]

    def moments(self, order: str) -> tuple[tuple[int, Money], ...]:
        """Give (position, money) after each ledger entry of an order; the first is (0, nothing)."""
        return self._moments[order]

    def payments(self, order: str) -> tuple[str, ...]:
        """Give the provider's ids of the payments of an order, in the order of their appearance."""
        ids = [one.payment for one in self.calls(order)]
        ids += [entry.data["payment"] for entry in self.of_kind("ledger.entry", order)]
        return tuple(dict.fromkeys(known for known in ids if known))

    def calls(self, order: str | None = None, *ops: str) -> tuple[Call, ...]:
        """Give calls in the order of their arrival."""
        return tuple(
            one
            for one in self._calls
            if (order is None or one.arrived.order == order) and (not ops or one.op in ops)
        )

    def payments_asked_for(self) -> Mapping[str, str | None]:
        """Give every payment that anybody has asked a provider for, and the order that it belongs to."""
        return {one.payment: one.arrived.order for one in self._asked if one.is_applied and one.payment}

    def events_made(self) -> tuple[Entry, ...]:
        """Give every event that was made, also those that an orchestrator is told."""
        return tuple(entry for entry in self.entries if entry.kind == "event.created")

    def provider_of(self, event: Entry) -> str:
        """Give the provider that told an event: the one that made its payment, or that was asked."""
        payment, cause = event.data["payment"], event.data["cause"]
        for one in self._asked:
            if one.id == cause or (payment is not None and one.payment == payment):
                return one.provider
        return str(self.started.get("provider") or "")

    def telling_calls(self, order: str | None) -> tuple[Call, ...]:
        """Give the calls about an order, or about none, whose answer told how things stand."""
        return tuple(one for one in self._telling if one.arrived.order in {None, order})

    def accepted_deliveries(self, order: str | None) -> tuple[Delivery, ...]:
        """Give the genuine, readable webhooks of an order that were answered 2xx, in the order of sending."""
        return tuple(one for one in self._accepted if one.sent.order == order)

    def operations(self, order: str | None = None, *dos: str) -> tuple[Operation, ...]:
        """Give operations in the order in which they were asked."""
        return tuple(
            one
            for one in self._operations
            if (order is None or one.invoked.order == order) and (not dos or one.do in dos)
        )

    def deliveries(self, order: str | None = None) -> tuple[Delivery, ...]:
        """Give webhook deliveries in the order in which they were sent."""
        return tuple(one for one in self._deliveries if order is None or one.sent.order == order)

    def views(self, order: str) -> tuple[Entry, ...]:
        """Give the readable views of an order that name a status, oldest first."""
        return tuple(
            entry
            for entry in self.of_kind("view.read", order)
            if entry.data["is_readable"] and entry.data["status"] is not None
        )

    def final_view(self, order: str) -> Entry | None:
        """Give the view of the final read; None where there is none or it could not be read."""
        reads = self.of_kind("view.read", order)
        if not reads or reads[-1].data["after"] != "final" or not reads[-1].data["is_readable"]:
            return None
        return reads[-1] if reads[-1].data["status"] is not None else None

    def fired(self) -> frozenset[int]:
        """Give the indexes of the faults that the journal shows to have fired."""
        return frozenset(int(entry.data["fault"]) for entry in self.of_kind("fault.fired"))

    def asked_amounts(self, order: str, do: str, at: int | None = None) -> tuple[int | None, ...]:
        """Give the amounts of one kind of decision up to a position, one for each; None: the whole."""
        return tuple(
            one.invoked.data["amount_minor"]
            for one in self.operations(order, do)
            if at is None or one.invoked.seq <= at
        )

    def pending_refunds(self, order: str) -> int:
        """Give how much of the refunded money is not finally back, minor units."""
        told = {
            seq
            for event in self.of_kind("event.created", order)
            if event.data["name"] in {"refund.succeeded", "refund.failed"}
            for seq in event.data["facts"] or ()
        }
        failed = {
            entry.data["refund"]
            for entry in self.of_kind("ledger.entry", order)
            if entry.data["kind"] == "refund_fail"
        }
        return sum(
            int(entry.data["amount_minor"])
            for entry in self.of_kind("ledger.entry", order)
            if entry.data["kind"] == "refund"
            and entry.data["seq"] not in told
            and entry.data["refund"] not in failed
        )
