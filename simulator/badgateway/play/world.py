"""A world: one isolated universe with its ledger, clock, faults, outbox, ids and journal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.journal.journal import Journal
from badgateway.payments.book import Book
from badgateway.payments.idempotency import KeyStore
from badgateway.plan.model import Plan
from badgateway.play.account import Account
from badgateway.play.faultboard import FaultBoard
from badgateway.play.gates import Gates
from badgateway.providers.base import Answer, Dialect, Endpoint
from badgateway.webhooks.outbox import Outbox


@dataclass(slots=True)
class World:
    """Everything that one play owns. Only the loop that plays it changes it."""

    plan: Plan
    dialect: Dialect
    journal: Journal
    clock: Clock
    ids: Ids
    account: Account
    outbox: Outbox
    faults: FaultBoard
    endpoint: Endpoint | None  # where webhooks go; None: the integration takes none
    is_free: bool = False  # no player: every gate is open
    gates: Gates = field(default_factory=Gates)
    orders: dict[str, str] = field(default_factory=dict)  # order reference -> the story's name
    owners: dict[str, str] = field(default_factory=dict)  # provider id -> the story's name of its order
    counts: Counter[tuple[str | None, str]] = field(default_factory=Counter)
    arrivals: int = 0
    asked: int = 0  # calls that ask for more than a look
    changes: int = 0  # those of them that changed something at the provider
    sent: int = 0  # webhooks, all copies
    ledger_seen: int = 0
    delivered: set[str] = field(default_factory=set)  # keys of events that the integration acknowledged
    interleaving: int = 0

    def reference(self, order: str) -> str:
        """Give the reference of an order of the story, as it travels."""
        return next(reference for reference, name in self.orders.items() if name == order)

    def order_of(self, ids: tuple[str | None, ...], hints: tuple[str, ...] = ()) -> str | None:
        """Find an order by provider ids, then by a reference in free text, then as the only one."""
        for known in ids:
            if known is not None and known in self.owners:
                return self.owners[known]
        for hint in hints:
            for reference, name in self.orders.items():
                if reference in hint:
                    return name
        return next(iter(self.orders.values())) if len(self.orders) == 1 else None

    def knows(self, ids: tuple[str | None, ...], hints: tuple[str, ...]) -> bool:
        """Say whether any of these ids or texts belongs to this world."""
        if any(known is not None and known in self.owners for known in ids):
            return True
        return any(reference in hint for hint in hints for reference in self.orders)

    def count(self, order: str | None, what: str) -> int:
        """Count one more of something for an order, from 1."""
        self.counts[order, what] += 1
        return self.counts[order, what]

    def own(self, known: str | None, order: str | None) -> None:
        """Remember to which order a provider's object belongs."""
        if known is not None and order is not None:
            self.owners[known] = order


def make_world(
    plan: Plan,
    dialect: Dialect,
    journal: Journal,
    clock: Clock,
    ids: Ids,
    api_key: str,
    endpoint: Endpoint | None,
) -> World:
    """Build a fresh world for one play of a plan; `clock` is the one that the journal reads."""
    book = Book(clock, ids, is_strict=plan.is_strict)
    account = Account(book, clock, ids, api_key, plan.is_strict, KeyStore[Answer]())
    world = World(
        plan,
        dialect,
        journal,
        clock,
        ids,
        account,
        Outbox(dialect.retry_ladder_ms),
        FaultBoard(plan.faults),
        endpoint,
        interleaving=plan.interleaving,
    )
    world.orders = {ids.reference(order.name): order.name for order in plan.orders}
    return world
