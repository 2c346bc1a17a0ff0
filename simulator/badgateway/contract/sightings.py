"""The traffic of one play with a provider: kept while it is played, held against its contract afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec import Struct

from badgateway.ground.message import Reply, Request

if TYPE_CHECKING:
    from badgateway.contract.document import Contract

SEEN_MAX, BROKEN_MAX = 2000, 50
INTEGRATION, PROVIDER = "integration", "provider"


class Asked(Struct):
    """One call; without a reply where a fault answered in the provider's place, or nobody did."""

    call: str
    order: str | None
    request: Request
    reply: Reply | None = None


class Told(Struct, frozen=True, gc=False):
    """One webhook, or what a story made of one: then it is spoilt, and the provider did not promise it."""

    delivery: str
    order: str | None
    event: str
    wire_type: str
    body: bytes
    is_spoilt: bool


@dataclass(frozen=True, slots=True)
class Broken:
    """One promise that was not kept, by whom, and where it was seen first."""

    party: str  # integration | provider
    about: str  # request | reply | webhook
    where: str  # POST /v1/refunds, or a webhook's type
    problem: str
    order: str | None
    call: str | None = None
    delivery: str | None = None


@dataclass(slots=True)
class Review:
    """What was held against the contract, and what was found."""

    requests: int = 0
    replies: int = 0
    webhooks: int = 0
    exempt: int = 0  # shaped by the story, not by the provider
    undescribed: int = 0  # requests and webhooks of which the document does not speak
    broken: list[Broken] = field(default_factory=list)


class Sightings:
    """What was seen, up to a bound; `left_out` counts the rest."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.told: list[Told] = []
        self.left_out = 0

    def ask(self, call: str, order: str | None, request: Request) -> Asked:
        """Keep a request; its answer is put in when there is one."""
        seen = Asked(call, order, request)
        if len(self.asked) < SEEN_MAX:
            self.asked.append(seen)
        else:
            self.left_out += 1
        return seen

    def tell(self, told: Told) -> None:
        """Keep a webhook."""
        if len(self.told) < SEEN_MAX:
            self.told.append(told)
        else:
            self.left_out += 1


def review(contract: Contract, sightings: Sightings) -> Review:
    """Hold everything against the contract; the same problem at the same place is told once."""
    found = Review()
    kept: dict[tuple[str, str, str], Broken] = {}
    for broken in (*_calls(contract, sightings, found), *_webhooks(contract, sightings, found)):
        kept.setdefault((broken.about, broken.where, broken.problem), broken)
    found.broken = list(kept.values())[:BROKEN_MAX]
    return found


def _calls(contract: Contract, sightings: Sightings, found: Review) -> Iterator[Broken]:
    for seen in sightings.asked:
        operation = contract.operation(seen.request)
        if operation is None:
            found.undescribed += 1
            continue
        found.requests += 1
        for problem in contract.request_problems(operation, seen.request):
            yield Broken(INTEGRATION, "request", operation.name, problem, seen.order, call=seen.call)
        if seen.reply is None:
            found.exempt += 1
            continue
        found.replies += 1
        for problem in contract.reply_problems(operation, seen.reply):
            yield Broken(PROVIDER, "reply", operation.name, problem, seen.order, call=seen.call)


def _webhooks(contract: Contract, sightings: Sightings, found: Review) -> Iterator[Broken]:
    events: set[str] = set()
    for told in sightings.told:
        if told.is_spoilt:
            found.exempt += 1
        if told.is_spoilt or told.event in events:
            continue
        events.add(told.event)
        problems = contract.event_problems(told.wire_type, told.body)
        if problems is None:
            found.undescribed += 1
            continue
        found.webhooks += 1
        for problem in problems:
            yield Broken(PROVIDER, "webhook", told.wire_type, problem, told.order, delivery=told.delivery)
