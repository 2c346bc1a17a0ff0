"""What a dialect must offer so that faults, play and reports never need to know which provider it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, runtime_checkable

from msgspec import Struct

from badgateway.ground.ability import Ability
from badgateway.ground.message import Headers, Reply, Request
from badgateway.ground.mutation import Landmarks, Mutated
from badgateway.payments.commands import CreatePayment
from badgateway.payments.idempotency import Rules
from badgateway.payments.model import Happening, Refusal
from badgateway.payments.settlement import Payout

OPERATIONS = ("create", "charge", "increment", "capture", "void", "refund", "fetch", "list")


class Parsed(Struct, frozen=True, gc=False):
    """A request as a dialect understood it, before anything happened. Making one changes nothing."""

    op: str | None  # one of OPERATIONS; None for the rest (customers, events, ...)
    key: str | None  # idempotency key, where the request carries one that counts
    fingerprint: str  # hash of endpoint and parameters, to compare reuse of a key
    credential: str | None  # API key as sent; never journalled unmasked
    hints: tuple[str, ...] = ()  # where an order reference may stand: metadata values, description, e-mail
    payment_id: str | None = None  # provider ids that the request names
    refund_id: str | None = None
    other_ids: tuple[str, ...] = ()
    amount_minor: int | None = None  # what is asked for, in the provider's own reading
    currency: str | None = None  # upper case
    breakdown_minor: int | None = None  # what the parts that it names come to
    is_open: bool = False  # a page for shoppers, who have no key: any account may be meant
    payload: Any = None  # the dialect's own, handed back to `answer`


class Answer(Struct, frozen=True, gc=False):
    """What the provider did and says; not `is_final`: it tells nothing sure about a charge."""

    reply: Reply
    is_applied: bool = False
    is_stored: bool = True  # whether an idempotency key remembers this answer
    is_final: bool = True
    refusal: str | None = None  # neutral code
    payment_id: str | None = None
    payment_status: str | None = None  # neutral status after the command
    refund_id: str | None = None


class WireEvent(Struct, frozen=True, gc=False):
    """One webhook event, rendered once; every copy and every attempt sends these bytes."""

    id: str
    name: str | None  # neutral name where this is the dialect's primary event, else None
    wire_type: str
    body: bytes
    payment_id: str | None
    order_ref: str | None
    tells: str | None = None  # neutral payment status in its snapshot
    facts: tuple[int, ...] = ()  # ledger seqs
    cause: str = ""
    mutation: Mutated | None = None  # how its body was changed, where a story drifts it
    retells: str | None = None  # id of the event whose fact it tells again, under an id of its own


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a provider sends its webhooks, and with what it signs."""

    url: str
    secret: str
    old_secret: str | None = None  # during a rotation both sign
    headers: Headers = field(default=())


@dataclass(frozen=True, slots=True)
class Registered:
    """A further endpoint, which an account has registered through the API of its provider."""

    id: str
    n: int  # from 1, in the order of registration
    endpoint: Endpoint
    is_enabled: bool = True


class Account(Protocol):
    """What a dialect may use while it answers: made by `play/` for each world, one for each provider."""

    book: Any  # payments.book.Book
    clock: Any  # ground.clock.Clock
    ids: Any  # ground.ids.Ids
    api_key: str
    is_strict: bool
    is_live: bool  # not a test account, where the dialect tells the two apart
    shelf: dict[str, Any]  # the dialect's own objects: customers, payment methods, events
    cause: str  # id of the call that is being answered
    request_id: str
    api_version: str | None  # the one that it is kept at, where its provider has several
    page_max: int | None  # what a page of a list holds at most, whatever was asked for
    webhook_url: str | None  # where its webhooks go beside the endpoints that it has registered
    webhook_hosts: frozenset[str]  # beside this machine's own, where endpoints may be registered


class Dialect(Protocol):
    """One provider's wire format. Stateless: all state is in the Account."""

    name: str
    retry_ladder_ms: tuple[int, ...]  # virtual gaps between webhook attempts
    cards: Mapping[str, str]  # neutral card word -> the token that a checkout hands to the integration
    event_landmarks: Landmarks  # where its events keep what a mutation aims at
    reply_landmarks: Landmarks  # and its answers

    def parse(self, request: Request) -> Parsed:
        """Understand a request; never raises, an unreadable one is refused when it is answered."""

    def answer(self, parsed: Parsed, account: Account) -> Answer:
        """Carry the request out on the account's book and word the answer. Never waits."""

    def replayed(self, stored: Answer, account: Account) -> Reply:
        """Word the replay of a stored answer."""

    def key_in_flight(self, account: Account) -> Reply:
        """Refuse a key whose first request is still being worked on."""

    def key_reused(self, parsed: Parsed, account: Account) -> Reply:
        """Refuse a key that came with other parameters."""

    def server_error(self, status: int, account: Account | None) -> Reply:
        """Word the provider's own 5xx (or 429) page."""

    def events(self, happening: Happening, account: Account) -> tuple[WireEvent, ...]:
        """Render the webhooks of one happening, in the order in which the provider makes them."""

    def sign(self, body: bytes, endpoint: Endpoint, at_s: int) -> Headers:
        """Sign the exact bytes that are sent."""

    def forge(
        self, name: str, n: int, order_ref: str, amount_minor: int, currency: str, account: Account
    ) -> WireEvent:
        """Make an event that never happened, as an attacker would who knows the order."""

    def settings(self, url: str, api_key: str, webhook_secret: str) -> Mapping[str, str]:
        """Name what an integration's configuration may ask for: url, api_key, webhook_secret, ..."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a provider puts up with an endpoint; a dialect that differs says so as its `patience`."""

    deadline_ms: int = 10_000  # virtual; without an answer by then it counts as none, and is sent again
    given_up_max: int | None = None  # events given up in a row until the endpoint is disabled; None: never


def patience_of(dialect: Dialect) -> Patience:
    """Give how patient a dialect is with an endpoint."""
    said = getattr(dialect, "patience", None)
    return said if isinstance(said, Patience) else Patience()


def key_rules_of(dialect: Dialect) -> Rules:
    """Give what a provider says about its idempotency keys; one that differs says so as its `key_rules`."""
    said = getattr(dialect, "key_rules", None)
    return said if isinstance(said, Rules) else Rules()


def hosts_of(dialect: Dialect) -> tuple[str, ...]:
    """Give the host names of the real provider's API; a dialect that knows them says so as its `hosts`."""
    return tuple(getattr(dialect, "hosts", ()))


def raises_holds(dialect: Dialect) -> bool:
    """Say whether a hold that stands can be asked to be raised; one where it can has `raises_holds` True."""
    return bool(getattr(dialect, "raises_holds", False))


def signs_moment(dialect: Dialect) -> bool:
    """Say whether a signature tells its moment, so that an old one shows; else `signs_moment` is False."""
    return bool(getattr(dialect, "signs_moment", True))


@runtime_checkable
class SignsEvents(Protocol, metaclass=Ability):
    """What a dialect also offers whose headers tell which event it is, or sign its id."""

    name: str

    def sign_event(
        self, event: WireEvent, account: Account, body: bytes, endpoint: Endpoint, at_s: int
    ) -> Headers:
        """Sign the exact bytes that are sent of one event."""


def signer_of(
    dialect: Dialect, event: WireEvent, account: Account
) -> Callable[[bytes, Endpoint, int], Headers]:
    """Give what signs the bytes that are sent of one event."""
    return partial(dialect.sign_event, event, account) if isinstance(dialect, SignsEvents) else dialect.sign


@runtime_checkable
class SignsInside(Protocol, metaclass=Ability):
    """What a dialect also offers whose signatures travel in the body that they sign."""

    name: str

    def sign_inside(self, body: bytes, endpoint: Endpoint | None) -> bytes:
        """Put the signatures into a body; without an endpoint, it goes unsigned."""


@runtime_checkable
class Batches(Protocol, metaclass=Ability):
    """What a dialect also offers whose provider may send several events in one request."""

    name: str

    def batch(self, events: Sequence[WireEvent]) -> bytes:
        """Put several events into the body of one request, in this order."""


@runtime_checkable
class StandsBefore(Protocol, metaclass=Ability):
    """What a dialect also offers whose provider sends payments on to other providers."""

    name: str

    def stand_before(self, account: Account, gateways: Sequence[Any], rules: Sequence[Any]) -> None:
        """Send the payments of an account to gateways behind it, by a table of rules."""

    def hear(self, happening: Happening, account: Account, told_by: Account) -> tuple[WireEvent, ...]:
        """Take in what a provider behind an account tells, and render what the merchant is told of it."""

    def next_look_ms(self, account: Account) -> int | None:
        """Give when it asks by itself what became of a payment of which nobody has told it; None: never."""


@runtime_checkable
class Retells(Protocol, metaclass=Ability):
    """What a dialect also offers whose provider may make two events of one fact."""

    name: str

    def retell(self, event: WireEvent, account: Account) -> WireEvent:
        """Make another event about the same fact: another id, the same content."""


@runtime_checkable
class KnowsStrangers(Protocol, metaclass=Ability):
    """What a dialect also offers whose accounts tell of more than payments."""

    name: str

    def stranger(self, wire_type: str, account: Account) -> WireEvent:
        """Make a genuine event of a type of its own, about an object that no payment of ours knows."""


@runtime_checkable
class TellsMore(Protocol, metaclass=Ability):
    """What a dialect also offers whose provider tells of objects that the book does not know."""

    name: str

    def news(self, account: Account) -> tuple[WireEvent, ...]:
        """Give the events about such objects since the last time, in order."""

    def has_news(self, account: Account) -> bool:
        """Say whether time alone has brought something about that nobody has asked for."""


@runtime_checkable
class Subscribes(Protocol, metaclass=Ability):
    """What a dialect also offers whose accounts say which events an endpoint is told of."""

    name: str

    def is_wanted(self, event: WireEvent, url: str, account: Account) -> bool:
        """Say whether this address is told of this event; not asked where nothing is registered."""


@runtime_checkable
class Holds(Protocol, metaclass=Ability):
    """What a dialect also offers whose shoppers see pages: a page has no key that tells the account."""

    name: str

    def holds(self, ids: Sequence[str], account: Account) -> bool:
        """Say whether an account has the object that a page is about."""


@runtime_checkable
class Registers(Protocol, metaclass=Ability):
    """What a dialect also offers whose accounts register endpoints of their own through its API."""

    name: str

    def registrations(self, account: Account) -> tuple[Registered, ...]:
        """Give the endpoints of an account as they are now, oldest first."""

    def told(self, event: WireEvent, registered: Registered, account: Account) -> WireEvent | None:
        """Give what a registered endpoint is sent of an event; None: it does not hear of it."""

    def disable(self, registered: Registered, account: Account) -> None:
        """Tell a registered endpoint nothing any more, until its account enables it again."""

    def inherit(self, account: Account, older: Account) -> None:
        """Register with an account what was registered with another one that had the same key."""


@runtime_checkable
class CountsHearers(Protocol, metaclass=Ability):
    """What a dialect also offers whose events say how many endpoints have not taken them yet."""

    name: str

    def acknowledged(self, event: WireEvent, endpoint: str | None, account: Account) -> None:
        """Note that an endpoint has taken an event: the id of a registered one, or None: the run's own."""


@runtime_checkable
class Settling(Protocol, metaclass=Ability):
    """What a dialect offers beside the rest where its provider tells of payouts by webhook."""

    def payout_events(self, payout: Payout, account: Account) -> tuple[WireEvent, ...]:
        """Render the webhooks of one payout; they are about no order."""


@runtime_checkable
class Wallets(Protocol, metaclass=Ability):
    """What a dialect also offers that can tell whether two payment methods are one card."""

    name: str

    def instrument(self, method: str | None, account: Any) -> str | None:
        """Give a word that is the same for every token of one card; None where that is not known."""


@runtime_checkable
class Locks(Protocol, metaclass=Ability):
    """What a dialect also offers whose provider works on one payment for one call at a time."""

    name: str

    def object_locked(self, account: Account) -> Reply:
        """Refuse a call about a payment on which it is at work for another call."""


@runtime_checkable
class Keeps(Protocol, metaclass=Ability):
    """What a dialect also offers whose requests can be written down, and understood again later."""

    name: str

    def kept(self, request: Request) -> Request:
        """Give a request as it may be written down: no card number, no code, no credential."""

    def recalled(self, request: Request, credential: str | None) -> Request:
        """Give a request that was written down as `parse` takes it, with this credential."""


@runtime_checkable
class KeepsOrders(Protocol, metaclass=Ability):
    """What a dialect also offers whose merchants make orders, each paid by one attempt after another."""

    name: str

    def place(self, made: CreatePayment, account: Account) -> Refusal | None:
        """Make the order of a payment, and charge it where the command does; raises ValueError."""

    def pay_again(self, order_id: str, method: str, account: Account) -> Refusal | None:
        """Pay an order by one more attempt; raises ValueError where it takes none."""
