"""What Stripe keeps beside the book: customers, payment methods, setups, events, and who asked last."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any

from msgspec import Struct

from badgateway.ground.attic import Attic
from badgateway.ground.chronicle import Chronicle
from badgateway.ground.records import changed
from badgateway.payments.model import Failure, Payment
from badgateway.providers.base import Account, WireEvent
from badgateway.providers.stripe.render import to_bytes

EVENTS_MAX = 10_000  # thin ones


class Method(Struct, frozen=True, gc=False):
    """A payment method of a shopper; of a card number only its last four digits are known."""

    id: str
    word: str  # neutral card word
    type: str
    brand: str
    funding: str
    last4: str
    created_s: int
    fingerprint: str
    exp_month: int
    exp_year: int
    customer: str | None = None
    billing: dict[str, Any] = {}
    metadata: dict[str, str] = {}
    setup_word: str = "approved"  # what the issuer says when it is asked about later payments
    prepared_word: str | None = None  # what it says to them once it has agreed; None: the same as ever
    is_set_up: bool = False
    checks: tuple[str | None, str | None, str | None] = (None, None, None)  # line, postal code, CVC
    risk: str = "normal"
    disputed: str | None = None  # why its holder disputes whatever is paid with it


class Setup(Struct, frozen=True, gc=False):
    """One setup intent; `status` is Stripe's word."""

    id: str
    secret: str
    created_s: int
    status: str = "requires_payment_method"
    method: str | None = None
    failure: Failure | None = None
    attempt: str | None = None
    cancellation_reason: str | None = None
    details: dict[str, Any] = {}  # fields that come back as they were given

    @property
    def customer(self) -> str | None:
        """Give the customer whose the payment method will be."""
        known = self.details.get("customer")
        return str(known) if known else None


class Session(Struct, frozen=True, gc=False):
    """One checkout session; `status` is Stripe's word."""

    id: str
    created_s: int
    expires_s: int
    mode: str  # payment | setup
    currency: str | None  # lower case
    lines: tuple[dict[str, Any], ...] = ()
    status: str = "open"
    payment_id: str | None = None
    setup_id: str | None = None
    customer: str | None = None
    order_ref: str | None = None
    is_told: bool = False  # how its payment ended was told
    details: dict[str, Any] = {}  # fields that come back as they were given


class Evidence(Struct, frozen=True, gc=False):
    """What a merchant has said about a dispute."""

    given: dict[str, Any] = {}
    metadata: dict[str, str] = {}
    submissions: int = 0
    method: str | None = None


class Secret(Struct, frozen=True, gc=False):
    """What an endpoint is signed for with; after a rotation the old one signs as well, for a while."""

    secret: str
    old_secret: str | None = None
    old_until_s: int = 0


class Asked(Struct, frozen=True, gc=False):
    """The call whose commands are being carried out."""

    cause: str
    request_id: str
    key: str | None


class Kept(Struct, frozen=True, gc=False):
    """One event as it was sent."""

    id: str
    body: bytes
    type: str
    created_s: int


class Untaken(Struct, frozen=True, gc=False):
    """To how many endpoints an event goes, and which have taken it, while some have not; None: the run's."""

    hearers: int
    taken: frozenset[str | None] = frozenset()


@dataclass(slots=True)
class Shelf:
    """The objects of one account, oldest first; what every payment adds to is in the attic when it is old."""

    methods: Chronicle[Method]
    events: Chronicle[Kept]
    untaken: Chronicle[Untaken]  # by event: nearly all are taken soon, and no event is fetched for it
    told_refunds: Chronicle[str]  # id -> status last told, no failure
    setups: Chronicle[Setup]
    sessions: Chronicle[Session]
    customers: dict[str, dict[str, Any]] = field(default_factory=dict)
    ended_s: dict[str, int] = field(default_factory=dict)  # payment id -> when it was cancelled or lapsed
    charge_notes: dict[str, dict[str, Any]] = field(default_factory=dict)  # charge id -> changed fields
    refund_notes: dict[str, dict[str, str]] = field(default_factory=dict)  # refund id -> changed metadata
    lapses: list[tuple[int, str]] = field(default_factory=list)  # when sessions expire, the next one in front
    endpoints: dict[str, dict[str, Any]] = field(default_factory=dict)
    endpoint_secrets: dict[str, Secret] = field(default_factory=dict)  # by endpoint or destination
    destinations: dict[str, dict[str, Any]] = field(default_factory=dict)
    thin: dict[str, dict[str, Any]] = field(default_factory=dict)  # thin events by id
    thin_of: dict[str, str] = field(default_factory=dict)  # id of an event -> that of the thin one beside it
    evidence: dict[str, Evidence] = field(default_factory=dict)  # dispute id -> what was handed in
    captures: Counter[str] = field(default_factory=Counter)  # payment id -> captures that were not final
    increments: Counter[str] = field(default_factory=Counter)  # payment id -> how often more was asked for
    news: list[WireEvent] = field(default_factory=list)  # not told yet
    to_dispute: list[tuple[str, str]] = field(default_factory=list)  # payment id and reason, not opened yet
    home: str = "https://hooks.stripe.com"  # where the pages for shoppers are
    asked: Asked | None = None
    intent_shown: tuple[Payment, dict[str, Any]] | None = None  # the one rendered last, and as what

    def remember(self, event: dict[str, Any]) -> bytes:
        """Keep an event for GET /v1/events, and give its bytes."""
        body, told = to_bytes(event), event["id"]
        self.events.add(told, Kept(told, body, event["type"], event["created"]))
        if event["pending_webhooks"]:
            self.untaken.add(told, Untaken(event["pending_webhooks"]))
        shown = event["data"]["object"]
        if shown.get("object") == "refund" and shown["status"] != "failed":
            self.told_refunds[shown["id"]] = shown["status"]
        return body

    def take(self, event_id: str, endpoint: str | None) -> None:
        """Note that an endpoint has taken an event: one that is registered, or the run's own (None)."""
        known = self.untaken.get(event_id)
        if known is None:
            return
        taken = known.taken | {endpoint}
        if len(taken) < known.hearers:
            self.untaken[event_id] = changed(known, taken=taken)
        else:
            del self.untaken[event_id]

    def count_untaken(self, event_id: str) -> int:
        """Count the endpoints that have not taken an event yet."""
        known = self.untaken.get(event_id)
        return 0 if known is None else known.hearers - len(known.taken)

    def open_session(self, session: Session) -> None:
        """Keep a session that has just been made."""
        self.sessions.add(session.id, session)
        heappush(self.lapses, (session.expires_s, session.id))

    def overdue(self, now_s: int) -> list[Session]:
        """Give the open sessions whose time is over, the first one first."""
        found = []
        while self.lapses and self.lapses[0][0] <= now_s:
            session = self.sessions[heappop(self.lapses)[1]]
            if session.status == "open":
                found.append(session)
        for session in found:
            # Nobody has ended it yet.
            heappush(self.lapses, (session.expires_s, session.id))
        return found


def shelf(account: Account) -> Shelf:
    """Give the account's shelf, which is made when it is first asked for."""
    try:
        found: Shelf = account.shelf["stripe"]
    except KeyError:
        found = account.shelf["stripe"] = _within(account.book.attic)
    return found


def _within(attic: Attic) -> Shelf:
    return Shelf(
        methods=Chronicle(attic),
        events=Chronicle(attic, is_bulky=True),
        untaken=Chronicle(attic),
        told_refunds=Chronicle(attic),
        setups=Chronicle(attic),
        sessions=Chronicle(attic),
    )
