"""One account at a provider, without edge and player: requests go in, answers and webhooks come out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.payments.book import Book
from badgateway.payments.idempotency import InFlight, KeyStore, Mismatch, Replay
from badgateway.providers import DIALECTS
from badgateway.providers.base import Answer, key_rules_of

STARTED_MS = 1_700_000_000_000


@dataclass
class AnAccount:
    """An account as a world has it; each provider's tests make a kind of their own."""

    provider: ClassVar[str]
    clock: Clock = field(default_factory=lambda: Clock(started_ms=STARTED_MS))
    ids: Ids = field(default_factory=lambda: Ids(1, "test"))
    api_key: str = ""
    is_strict: bool = True
    api_version: str | None = None
    page_max: int | None = None
    webhook_url: str | None = None
    webhook_hosts: frozenset[str] = frozenset()
    is_live: bool = False
    shelf: dict[str, Any] = field(default_factory=dict)
    cause: str = ""
    request_id: str = ""
    calls: int = 0
    told: list = field(default_factory=list)  # every WireEvent, in the order in which it was made
    answers: list = field(default_factory=list)
    parsed: list = field(default_factory=list)

    def __post_init__(self):
        self.dialect = DIALECTS[self.provider]
        self.book = Book(self.clock, self.ids, is_strict=self.is_strict)
        self.keys = KeyStore[Answer](key_rules_of(self.dialect))

    def serve(self, request):
        """Answer one request as a play does: keys first, then the dialect, then the webhooks."""
        self.calls += 1
        self.cause, self.request_id = f"call{self.calls}", self.ids.make("request", 14)
        parsed = self.dialect.parse(request)
        self.parsed.append(parsed)
        known = self.keys.begin(parsed.key, parsed.fingerprint, self.clock.now_ms())
        if isinstance(known, Replay):
            return self.dialect.replayed(known.stored, self)
        if isinstance(known, InFlight):
            return self.dialect.key_in_flight(self)
        if isinstance(known, Mismatch):
            return self.dialect.key_reused(parsed, self)
        answer = self.dialect.answer(parsed, self)
        self.answers.append(answer)
        self.hold(request, answer.reply)
        self.keys.finish(parsed.key, answer, is_stored=answer.is_stored)
        self.tell()
        return answer.reply

    def hold(self, request, reply):
        """Hold an answer against what the provider promises, where its tests do so."""

    def act(self, command):
        """Let somebody do something who is not the integration."""
        outcome = self.book.do(command, "act:test")
        self.tell()
        return outcome

    def wait(self, by_ms):
        """Let time pass, with what the provider does by itself meanwhile."""
        self.clock.advance(by_ms)
        self.book.run_due()
        self.tell()

    def tell(self):
        """Make the webhooks of what has happened: what the dialect itself does may happen to the book too."""
        self._tell_of_the_book()
        self.told.extend(self.dialect.news(self))
        self._tell_of_the_book()

    def _tell_of_the_book(self):
        for happening in self.book.drain():
            self.told.extend(self.dialect.events(happening, self))

    def types(self):
        """Give the wire types of all webhooks so far, and forget them."""
        types = [event.wire_type for event in self.told]
        self.told.clear()
        return types
