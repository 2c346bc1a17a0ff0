"""What a provider still has to tell one integration, and when each attempt falls due in virtual time."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from badgateway.providers.base import WireEvent

ITEMS_MAX = 10_000
INNER = "inner"  # the kind of what an orchestrator is told by a provider behind it; no socket
LATE_MS = 3_600_000  # virtual, from the moment at which all was quiet until late deliveries


class Item(Struct):
    """One delivery that is due at `due_ms`; a refused one comes back with its next attempt."""

    event: WireEvent
    order: str | None
    n: int  # count of the event's name for its order
    type_n: int  # count of its wire type for its order
    due_ms: int
    attempt: int = 1
    copies: int = 1
    how: str = "in_turn"
    kind: str = "genuine"  # genuine | duplicate | forged | stale | foreign | inner
    signature: str = "ok"
    after: str | None = None  # key of the event that must have been delivered first
    beside: str | None = None  # the operation with which it is sent at the same moment
    is_late: bool = False
    delivery: int = 0  # index of the planned delivery that shaped it; 0: the default
    delivered: int = 0  # copies that were sent, over all attempts
    merchant: str | None = None  # the story's name of the merchant whose account tells it
    provider: str = ""  # whose account tells it, where it is not the story's first provider
    own_n: int = 0  # count of the event's name for its order at its provider
    ladder_ms: tuple[int, ...] | None = None  # of its provider; None: as the outbox has it
    aliases: tuple[WireEvent, ...] = ()  # what its last copies carry: other events about the same fact
    riders: tuple[Item, ...] = ()  # deliveries that travel in the same request
    is_resent: bool = False  # at the provider's deadline, while the first copy is still worked on
    to: str | None = None  # another endpoint than the one that its account tells
    registered: str | None = None  # id of an endpoint that its account registered itself
    is_answered_well: bool = False  # a copy of it was acknowledged

    @property
    def door(self) -> str | None:
        """Give whose patience it costs when it is refused: a registered endpoint, or a merchant's own."""
        return self.registered or self.own_door

    @property
    def own_door(self) -> str | None:
        """Give a name of the endpoint that its account tells, one for each provider and merchant."""
        return f"{self.merchant or ''} at {self.provider}" if self.provider else self.merchant

    @property
    def about(self) -> str:
        """Give the payment that it tells of, or the event itself where that is about none."""
        return self.event.payment_id or self.event.id

    @property
    def is_attack(self) -> bool:
        """Say whether somebody else than the provider sends it, once and for all."""
        return self.kind in {"forged", "stale"} or (self.kind == "foreign" and self.signature != "ok")

    def carried(self, copy: int) -> WireEvent:
        """Give the event that a copy, counted from 1, carries."""
        place = copy - 1 - (self.copies - len(self.aliases))
        return self.aliases[place] if place >= 0 else self.event


@dataclass(slots=True)
class Outbox:
    """The queue of one world, in the order in which the provider made its events."""

    ladder_ms: tuple[int, ...]
    items: list[Item] = field(default_factory=list)

    def add(self, items: Sequence[Item]) -> None:
        """Queue deliveries behind those that are there."""
        # What comes back refused may stand beyond the bound: others were queued while it was on its way.
        assert not items or len(self.items) + len(items) <= ITEMS_MAX, "a world's outbox outgrew its bound"
        self.items.extend(items)

    def add_what_fits(self, items: Sequence[Item]) -> Sequence[Item]:
        """Queue as many deliveries as there is room for, and give those that follow."""
        if len(self.items) + len(items) <= ITEMS_MAX:
            self.items.extend(items)
            return ()
        room = self.room
        self.items.extend(items[:room])
        return items[room:]

    @property
    def room(self) -> int:
        """Say how many more deliveries it takes."""
        return max(0, ITEMS_MAX - len(self.items))

    def take_due(self, now_ms: int, delivered: set[str], busy: Container[str] = ()) -> Item | None:
        """Take the first delivery that is due and not waiting for another event or for the end.

        `busy`: what is being told of already; further deliveries about it stay where they are.
        """
        for place, item in enumerate(self.items):
            if item.due_ms > now_ms or item.is_late or _is_waiting(item, delivered):
                continue
            if item.about not in busy:
                return self.items.pop(place)
        return None

    def take_one(self, event: str, planned: int, to: str | None) -> Item | None:
        """Take the delivery of an event, by its number in the plan and by the endpoint it goes to."""
        for place, item in enumerate(self.items):
            if (item.event.id, item.delivery, item.to or item.registered) == (event, planned, to):
                return self.items.pop(place)
        return None

    def take_caused_by(self, cause: str, deliveries: set[int]) -> list[Item]:
        """Take what one call caused and the named planned deliveries want before its reply."""
        taken = [item for item in self.items if item.event.cause == cause and item.delivery in deliveries]
        self.items = [item for item in self.items if item not in taken]
        return taken

    def take_beside(self, do: str, order: str | None) -> list[Item]:
        """Take what was kept for an operation: of its order, or of any where it is about none."""
        taken = [item for item in self.items if item.beside == do and order in {None, item.order}]
        self.items = [item for item in self.items if item not in taken]
        for item in taken:
            item.beside = None
        return taken

    def retry(self, item: Item, now_ms: int) -> bool:
        """Queue the next attempt of a refused delivery; False: the provider's ladder is exhausted."""
        ladder_ms = self.ladder_ms if item.ladder_ms is None else item.ladder_ms
        if item.attempt > len(ladder_ms):
            return False
        item.due_ms = now_ms + ladder_ms[item.attempt - 1]
        item.attempt += 1
        item.copies, item.how, item.after, item.is_late = 1, "in_turn", None, False
        item.aliases, item.is_resent = (), False
        self.items.append(item)
        return True

    def join(self, key: str, members: int) -> None:
        """Make one request of the deliveries that wait under a key, once all members are there."""
        found = [item for item in self.items if item.after == key]
        if len(found) < members:
            return
        host, *riders = found
        host.after, host.riders = None, tuple(riders)
        host.due_ms = max(item.due_ms for item in found)
        self.items = [item for item in self.items if item not in riders]

    def next_due_ms(self, delivered: set[str]) -> int | None:
        """Give when the next delivery falls due, without those that wait for an event or for the end."""
        free = (item for item in self.items if not item.is_late and not _is_waiting(item, delivered))
        return min((item.due_ms for item in free), default=None)

    def unblock(self, delivered: set[str]) -> list[Item]:
        """Let deliveries go whose awaited event never came; give those that were freed."""
        freed = [item for item in self.items if _is_waiting(item, delivered)]
        for item in freed:
            item.after = item.beside = None
        return freed

    def release_late(self, now_ms: int, after_ms: int = LATE_MS) -> list[Item]:
        """Make late deliveries due, so long after everything was quiet; give those that were released."""
        released = [item for item in self.items if item.is_late]
        for item in released:
            item.is_late = False
            item.due_ms = max(item.due_ms, now_ms) + after_ms
        return released


def _is_waiting(item: Item, delivered: set[str]) -> bool:
    return item.beside is not None or (item.after is not None and item.after not in delivered)
