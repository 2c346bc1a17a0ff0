"""One provider's side of one world: its book, its keys and the dialect's own shelf."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.payments.book import Book
from badgateway.payments.idempotency import KeyStore
from badgateway.providers.base import (
    Answer,
    CountsHearers,
    Dialect,
    Endpoint,
    Registers,
    SignsEvents,
    SignsInside,
    Subscribes,
    TellsMore,
    Wallets,
)


@dataclass(slots=True)
class Account:
    """What a dialect may use while it answers; implements `providers.base.Account`."""

    book: Book
    clock: Clock
    ids: Ids
    api_key: str
    is_strict: bool
    keys: KeyStore[Answer]
    dialect: Dialect  # in which it is spoken to, and tells
    shelf: dict[str, Any] = field(default_factory=dict)
    cause: str = ""
    request_id: str = ""
    api_version: str | None = None  # the one that it is kept at, where its provider has several
    page_max: int | None = None  # what a page of a list holds at most, whatever was asked for
    merchant: str | None = None  # the story's name of the merchant whose it is; None: there is one only
    webhook_url: str | None = None  # where its webhooks go beside the endpoints that it has registered
    webhook_hosts: frozenset[str] = frozenset()  # where endpoints may be registered, beside this machine
    held_by: str | None = None  # an orchestrator that calls with its key; None: the integration
    is_live: bool = False  # where the dialect has a test mode: objects carry the mode of their account
    # The dialect as what it also offers, found once because every call asks for it; None: it does not.
    registers: Registers | None = field(init=False)
    subscribes: Subscribes | None = field(init=False)
    tells_more: TellsMore | None = field(init=False)
    knows_cards: Wallets | None = field(init=False)
    counts_hearers: CountsHearers | None = field(init=False)
    signs_events: SignsEvents | None = field(init=False)
    signs_inside: SignsInside | None = field(init=False)

    def __post_init__(self) -> None:
        dialect = self.dialect
        self.registers = dialect if isinstance(dialect, Registers) else None
        self.subscribes = dialect if isinstance(dialect, Subscribes) else None
        self.tells_more = dialect if isinstance(dialect, TellsMore) else None
        self.knows_cards = dialect if isinstance(dialect, Wallets) else None
        self.counts_hearers = dialect if isinstance(dialect, CountsHearers) else None
        self.signs_events = dialect if isinstance(dialect, SignsEvents) else None
        self.signs_inside = dialect if isinstance(dialect, SignsInside) else None


@dataclass(frozen=True, slots=True)
class Tenant:
    """A merchant of a running integration, and what it was given to reach its account at the provider."""

    name: str  # as the integration calls it
    api_key: str
    endpoint: Endpoint | None  # None: it takes no webhooks
    is_live: bool = False
    through: str | None = None  # the integration's name of the merchant that is declared to act for it
