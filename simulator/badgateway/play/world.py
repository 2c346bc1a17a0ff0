"""A world: one isolated universe with its ledger, clock, faults, outbox, ids and journal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from badgateway.contract.sightings import Sightings
from badgateway.ground.attic import Attic
from badgateway.ground.canary import Canaries, draw_canaries
from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.integration.watch import Watch
from badgateway.journal.journal import Journal
from badgateway.payments.book import Book
from badgateway.payments.idempotency import KeyStore
from badgateway.payments.model import Happening, Payment
from badgateway.plan.model import Plan
from badgateway.play.account import Account, Tenant
from badgateway.play.copies import Copies
from badgateway.play.dossier import Dossiers, named_in
from badgateway.play.faultboard import FaultBoard
from badgateway.play.gates import Gates
from badgateway.play.shaping import Shaping
from badgateway.providers.base import Answer, Dialect, Endpoint, Holds, key_rules_of
from badgateway.webhooks.outbox import Item, Outbox

if TYPE_CHECKING:
    from badgateway.integration.model import EffectDoor

LOSSES = {  # those that no story planned
    "full": "as many wait as are kept; those that follow are lost until the endpoint takes some",
    "exhausted": "the endpoint took none of its attempts",
    "disabled": "the endpoint was disabled after too many that it did not take",
}
ELSEWHERE = "another account"  # stands as the order of what is paid elsewhere; no story can name one so


class Belonging(NamedTuple):
    """What a request tells of whose it is."""

    order: str | None  # of this world, as far as one can be told
    is_known: bool  # it names an object or an order of this world
    is_named: bool  # the reference of one of its orders stands in a text


@dataclass(slots=True, eq=False)
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
    is_kept: bool = False  # its journal holds what another world can be built from
    gates: Gates = field(default_factory=Gates)
    orders: dict[str, str] = field(default_factory=dict)  # order reference -> the story's name
    # Provider -> what is held against its contract.
    seen_of: dict[str, Sightings] = field(default_factory=lambda: defaultdict(Sightings))
    arrivals: int = 0
    asked: int = 0  # calls that ask for more than a look
    changes: int = 0  # those of them that changed something at the provider
    sent: int = 0  # webhooks, all copies
    ledger_seen: int = 0
    # Keys of events that the integration acknowledged, as far as a delivery may wait for them.
    delivered: set[str] = field(default_factory=set)
    interleaving: int = 0
    aged_ms: int = (
        0  # what the story itself let pass: keys live by it, not by our jumps to the next due thing
    )
    copies: Copies = field(default_factory=Copies)  # of the integration, where a deployment made two
    given_up: Counter[str | None] = field(default_factory=Counter)  # endpoint -> events in a row
    disabled: set[str | None] = field(default_factory=set)  # endpoints that are told nothing any more
    captured: list[Item] = field(default_factory=list)  # genuine deliveries that an attacker has kept
    riding: dict[str, tuple[str, ...]] = field(default_factory=dict)  # delivery -> those in the same request
    strangers: set[str] = field(default_factory=set)  # payments that are nobody's here
    claims: dict[str, str] = field(default_factory=dict)  # mark of a purchase -> its order, without a player
    claimed: int = 0  # so many of the story's orders have a purchase
    # Provider and merchant of each further account -> where its webhooks go; None: it is told nothing.
    doors: dict[tuple[str, str | None], Endpoint | None] = field(default_factory=dict)
    # Event -> what happened at a provider behind the story's own, and is told to that one later.
    inner: dict[str, tuple[Account, Happening]] = field(default_factory=dict)
    answering: str | None = None  # the call of the integration that is being answered
    elsewhere: dict[str, Endpoint] = field(default_factory=dict)  # further endpoints, by their own names
    effects: tuple[EffectDoor, ...] = ()  # what the integration says that it sends to the sink
    effects_seen: int = 0  # arrivals at the sink, of any kind
    home: str = ""  # base URL of the edge, where the sink and the trap are
    canaries: Canaries = field(default_factory=Canaries)  # made-up secrets that must not come out
    watch: Watch = field(default_factory=Watch)  # what looks for them in all that the integration says
    paid_elsewhere: dict[str, str] = field(default_factory=dict)  # payment in a wrong account -> its order
    lost: Counter[str] = field(default_factory=Counter)  # why -> events that are never told, or never again
    on_loss: Callable[[str], None] | None = None  # hears the first loss of each kind that nobody planned
    # The story's name of a merchant (None in a story that names none) -> who it is.
    tenants: dict[str | None, Tenant] = field(default_factory=dict)
    accounts: tuple[Account, ...] = field(init=False)  # of all merchants, the first merchant's first
    dialects: tuple[Dialect, ...] = field(init=False)  # of all accounts, the story's first provider first
    dossiers: Dossiers = field(init=False)
    shaping: Shaping = field(init=False)

    def __post_init__(self) -> None:
        self.accounts, self.dialects = (self.account,), (self.account.dialect,)
        self.dossiers, self.shaping = Dossiers(self.attic), Shaping(self.plan)

    @property
    def owners(self) -> Mapping[str, str]:
        """Give the order of each of the provider's objects."""
        return self.dossiers.owners

    @property
    def has_story(self) -> bool:
        """Say whether there is an order that something could belong to; a served world has none."""
        return bool(self.orders or self.dossiers.owners)

    @property
    def attic(self) -> Attic:
        """Give where old records of this world are kept."""
        return self.account.book.attic

    def dialect_named(self, provider: str | None) -> Dialect:
        """Give the dialect of one of the story's providers; the first one where none is named."""
        return next((one for one in self.dialects if one.name == provider), self.dialect)

    def dialect_of(self, item: Item) -> Dialect:
        """Give the dialect of the account that tells what a delivery brings."""
        return self.dialect_named(item.provider) if item.provider else self.dialect

    def further_name(self, dialect: Dialect) -> str:
        """Give a provider's name where it is not the story's first; else nothing."""
        return "" if dialect is self.dialect else dialect.name

    def account_telling(self, item: Item) -> Account:
        """Give the account that tells what a delivery brings."""
        return self.account_named(item.merchant, self.dialect_of(item))

    @property
    def further(self) -> tuple[Account, ...]:
        """Give the accounts beside the first."""
        return self.accounts[1:]

    def accounts_at(self, dialect: Dialect | None = None) -> tuple[Account, ...]:
        """Give the accounts at one provider; without a dialect, at the story's first."""
        wanted = dialect or self.dialect
        return tuple([one for one in self.accounts if one.dialect is wanted])

    def has_key(self, api_key: str | None, dialect: Dialect | None = None) -> bool:
        """Say whether an account at a provider has this API key."""
        return self.account_with(api_key, dialect) is not None

    def account_of_key(self, api_key: str | None, dialect: Dialect | None = None) -> Account:
        """Give the account of an API key; the first one, which refuses every other key, where none has it."""
        return self.account_with(api_key, dialect) or self.accounts_at(dialect)[0]

    def account_with(self, api_key: str | None, dialect: Dialect | None) -> Account | None:
        """Give the account of an API key at a provider, or None."""
        wanted, first = dialect or self.dialect, self.account
        if first.api_key == api_key and first.dialect is wanted:
            return first
        for account in self.accounts:
            if account.api_key == api_key and account.dialect is wanted:
                return account
        return None

    def account_of_page(self, ids: tuple[str, ...], dialect: Dialect | None = None) -> Account | None:
        """Give the account whose object a shopper's page is about; None: no account of this world has it."""
        shown = dialect or self.dialect
        if not isinstance(shown, Holds):
            return None
        return next((one for one in self.accounts_at(dialect) if shown.holds(ids, one)), None)

    def account_of(self, order: str | None, dialect: Dialect | None = None) -> Account:
        """Give the account of the merchant whose order it is."""
        return self.account_named(self.merchant_of(order), dialect)

    def account_named(self, merchant: str | None, dialect: Dialect | None = None) -> Account:
        """Give the account of a merchant of the story; the first one where none is named."""
        first = self.account
        if first.merchant == merchant and first.dialect is (dialect or self.dialect):
            return first
        there = self.accounts_at(dialect)
        return next((one for one in there if one.merchant == merchant), there[0])

    def accounts_holding(self, order: str | None) -> tuple[Account, ...]:
        """Give the accounts that an order was paid through, right or not, one for each provider at most."""
        found = {
            account.dialect.name: account
            for account in reversed(self.accounts)
            if any(account.book.payment(known) for known in self.dossiers.owned(order))
        }
        held = tuple(found[one.name] for one in self.dialects if one.name in found)
        return held or (self.account_of(order),)

    def account_elsewhere(self, order: str, merchant: str | None) -> Account | None:
        """Give another merchant's account, or the order's own in its other mode; None: it is not there."""
        own = self.account_of(order)
        if merchant is not None:
            there = self.accounts_at()
            return next((one for one in there if one.merchant == merchant and one is not own), None)
        return self.admit(f"{own.api_key}_of_the_other_mode", own.merchant, is_live=not own.is_live)

    def merchant_of(self, order: str | None) -> str | None:
        """Give the story's name of the merchant whose order it is; None where there is one only."""
        return self.shaping.merchants.get(order) if order is not None else None

    def endpoint_of(self, merchant: str | None, dialect: Dialect | None = None) -> Endpoint | None:
        """Give where a provider's webhooks for a merchant go; without a dialect, the first provider's."""
        if dialect is not None and dialect is not self.dialect:
            return self.doors.get((dialect.name, merchant), self.doors.get((dialect.name, None)))
        return self.tenants[merchant].endpoint if merchant in self.tenants else self.endpoint

    def tell_at(self, endpoint: Endpoint | None) -> None:
        """Send the webhooks of the first account here from now on."""
        self.endpoint = endpoint
        self.account.webhook_url = endpoint.url if endpoint else None

    def admit(
        self,
        api_key: str,
        merchant: str | None = None,
        *,
        is_live: bool = False,
        dialect: Dialect | None = None,
    ) -> Account:
        """Give an API key an account of its own at a provider, empty at first, where it has none yet."""
        spoken = dialect or self.dialect
        if not self.has_key(api_key, spoken):
            book = Book(self.clock, self.ids, is_strict=self.plan.is_strict, attic=self.attic)
            # One ledger for all accounts: its numbers tell every movement of the world apart.
            book.share(self.account.book.ledger)
            book.settlement.settles_in = self.plan.base_currency
            keys = KeyStore[Answer](key_rules_of(spoken), self.attic)
            account = Account(book, self.clock, self.ids, api_key, self.plan.is_strict, keys, spoken)
            account.merchant, account.is_live = merchant, is_live
            endpoint = self.endpoint_of(merchant, spoken)
            account.webhook_url = endpoint.url if endpoint else None
            self.accounts = (*self.accounts, account)
            self.dialects = tuple({one.dialect.name: one.dialect for one in self.accounts}.values())
        return self.account_of_key(api_key, spoken)

    def place_of(self, name: str) -> Endpoint | None:
        """Give another endpoint: a merchant's, or one that badgateway.yaml names."""
        return self.tenants[name].endpoint if name in self.tenants else self.elsewhere.get(name)

    def key_clock_ms(self) -> int:
        """Give the time by which idempotency keys are forgotten.

        A ladder of three days is gone through in milliseconds; an integration that sends a request again
        meanwhile cannot know that its key would have been forgotten. Only an `advance` ages keys.
        """
        return self.clock.started_ms + self.aged_ms

    def reference(self, order: str) -> str:
        """Give the reference of an order of the story, as it travels."""
        return next(reference for reference, name in self.orders.items() if name == order)

    def order_of(self, ids: tuple[str | None, ...], hints: tuple[str, ...] = ()) -> str | None:
        """Find an order by provider ids, then by a reference in free text, then as the only one."""
        return self.belonging(ids, hints).order if self.has_story else None

    def belonging(self, ids: tuple[str | None, ...], hints: tuple[str, ...]) -> Belonging:
        """Say what provider ids and free texts tell; an owner of an id goes before what a text refers to."""
        orders, owner = self.orders, self._owner_among(ids)
        reference = named_in(hints, orders) if orders and hints else None
        is_named = reference is not None
        if self.strangers and not self.strangers.isdisjoint(ids):
            order = None
        elif owner is not None:
            order = owner
        elif reference is not None:
            order = orders[reference]
        else:
            order = next(iter(orders.values())) if len(orders) == 1 else None
        return Belonging(order, is_named or owner is not None, is_named)

    def knows(self, ids: tuple[str | None, ...], hints: tuple[str, ...]) -> bool:
        """Say whether any of these ids or texts belongs to this world."""
        return self._owner_among(ids) is not None or self.names_order(hints)

    def names_order(self, texts: tuple[str, ...]) -> bool:
        """Say whether a reference of one of its orders stands in any of these texts."""
        return bool(self.orders) and named_in(texts, self.orders) is not None

    def _owner_among(self, ids: tuple[str | None, ...]) -> str | None:
        """Give the order of the first of these objects that has one."""
        for known in ids:
            if known is not None and (owner := self.dossiers.owner(known)) is not None:
                return owner
        return None

    def count(self, order: str | None, what: str) -> int:
        """Count one more of something for an order, from 1."""
        return self.dossiers.count(order, what)

    def own(self, known: str | None, order: str | None) -> None:
        """Remember to which order a provider's object belongs."""
        if known is not None and order is not None:
            self.dossiers.own(known, order)

    def owner(self, known: str | None) -> str | None:
        """Give the order that a provider's object belongs to, or None."""
        return self.dossiers.owner(known)

    def payments_of(self, order: str | None, book: Book) -> list[Payment]:
        """Give an order's payments in one book, in the order of their appearance."""
        found = (book.payment(known) for known in self.dossiers.owned(order))
        return [one for one in found if one is not None]

    def lose(self, item: Item, why: str) -> None:
        """Journal an event that is never told, or never again; nobody reads a served provider's journal."""
        self.journal.write("webhook.lost", item.order, event=item.event.id, name=item.event.name, why=why)
        self.lost[why] += 1
        if self.on_loss is not None and self.lost[why] == 1 and why in LOSSES:
            self.on_loss(f"webhook {item.event.id} is lost: {LOSSES[why]}")

    def enqueue(self, items: Sequence[Item]) -> None:
        """Queue deliveries; what a served world's outbox has no room for is lost, and told to be."""
        # A play that makes so many is our bug; whoever serves may have an endpoint that is never there.
        if not self.is_free:
            self.outbox.add(items)
            return
        for item in self.outbox.add_what_fits(items):
            self.lose(item, "full")


def make_world(
    plan: Plan,
    dialect: Dialect,
    journal: Journal,
    clock: Clock,
    ids: Ids,
    api_key: str,
    endpoint: Endpoint | None,
    tenants: Sequence[Tenant] = (),
    attic: Attic | None = None,
) -> World:
    """Build a fresh world for one play of a plan; `clock` is the one that the journal reads.

    `tenants` are the integration's merchants, the first of them with this key and this endpoint. Old records
    are kept in the attic, one of its own where none is given.
    """
    named = dict(zip(plan.merchants or (None,), tenants, strict=False))
    faults = FaultBoard(plan.faults)
    clock.started_ms += faults.skew_ms
    book = Book(clock, ids, is_strict=plan.is_strict, attic=attic)
    book.settlement.settles_in = plan.base_currency
    keys = KeyStore[Answer](key_rules_of(dialect), book.attic)
    first = Account(book, clock, ids, api_key, plan.is_strict, keys, dialect)
    first.merchant, first.is_live = (
        next(iter(plan.merchants), None),
        bool(tenants and tenants[0].is_live),
    )
    first.webhook_url = endpoint.url if endpoint else None
    world = World(
        plan,
        dialect,
        journal,
        clock,
        ids,
        first,
        Outbox(dialect.retry_ladder_ms),
        faults,
        endpoint,
        interleaving=plan.interleaving,
        tenants=named,
    )
    for name in plan.merchants[1:]:
        if name in named:
            world.admit(named[name].api_key, name, is_live=named[name].is_live)
    for tenant in tenants[max(1, len(plan.merchants)) :]:
        # No merchant of this story; its account is there all the same, for jobs that look through all.
        world.admit(tenant.api_key, f"{tenant.name}, of another story", is_live=tenant.is_live)
    world.orders = {ids.reference(order.name): order.name for order in plan.orders}
    world.canaries = draw_canaries(plan.seed, ids.nonce)
    return world
