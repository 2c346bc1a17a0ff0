"""What badgateway.yaml describes, and what came back from the integration, as plain records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from badgateway.integration.contracts import NO_CONTRACTS, Contracts, State

VIEW_STATUSES = (
    "UNPAID",
    "PENDING",
    "AUTHORIZED",
    "PAID",
    "PARTIALLY_REFUNDED",
    "REFUNDED",
    "FAILED",
    "CANCELLED",
    "DISPUTED",
    "REVIEW",
)
OPERATIONS = (
    "open", "pay", "authenticate", "return", "capture", "refund", "cancel", "sync", "health", "settlement",
    "reconciliation", "card", "renew", "increment", "view",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RequestTemplate:
    """One request to the integration; `{name}` stands for declared values only."""

    method: str
    path: str  # or a whole URL
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None  # a string that is nothing but {name} keeps the value's own type
    form: Mapping[str, str] | None = None
    outcomes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # ok | fail | info -> HTTP statuses
    capture: Mapping[str, str] = field(default_factory=dict)  # name -> JSONPath, for later templates


@dataclass(frozen=True, slots=True)
class ViewPaths:
    """JSONPath of each thing that the view shows; None: it does not show it."""

    status: str
    paid: str | None = None
    refunded: str | None = None
    amounts: str = "minor"  # minor | decimal: how amounts are written
    currency: str | None = None
    refs: str | None = None  # provider payment ids
    effects: Mapping[str, str] = field(default_factory=dict)  # name -> JSONPath of a counter or a list


@dataclass(frozen=True, slots=True)
class SettlementPaths:
    """JSONPath of what the settlement report shows; all but `payouts` within one of its rows."""

    payouts: str  # finds the rows, one for each payout
    id: str  # the provider's
    paid: str
    currency: str
    captured: str | None = None
    refunded: str | None = None
    lost: str | None = None
    won: str | None = None
    fees: str | None = None
    adjusted: str | None = None
    exceptions: str | None = None  # what does not add up
    amounts: str = "minor"  # minor | decimal


# What a reconciliation may find, in our words.
EXCEPTIONS = ("missing", "repeated", "misstated", "overdue", "unbooked", "other")


@dataclass(frozen=True, slots=True)
class ReconciliationPaths:
    """JSONPath of the exceptions of a reconciliation; all but `exceptions` within one of them."""

    exceptions: str
    kind: str
    kinds: Mapping[str, str]  # its own word -> one of EXCEPTIONS
    reference: str  # finds what it is about: order, payment, refund, payout or report; one or several
    amount: str
    currency: str
    owner: str | None = None
    remedy: str | None = None
    amounts: str = "minor"  # minor | decimal


@dataclass(frozen=True, slots=True)
class Ready:
    """How it shows that it is up."""

    path: str = "/health"
    status: int = 200
    within_ms: int = 15_000


@dataclass(frozen=True, slots=True)
class Next:
    """How the next version is started, where it differs from the one before."""

    command: tuple[str, ...] = ()  # empty: the same
    env: Mapping[str, str] = field(default_factory=dict)  # beside the same


@dataclass(frozen=True, slots=True)
class Start:
    """How to start it; none: it runs already."""

    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: str = "."
    ready: Ready = field(default_factory=Ready)
    next: Next | None = None  # what `deploy: next` starts beside it
    attach: tuple[str, ...] = ()  # ways in which calls for a real provider are led to the simulated one


@dataclass(frozen=True, slots=True)
class Merchant:
    """One of several merchants, as the integration calls it; each has its own account at the provider."""

    name: str
    is_live: bool = False  # its account is not a test account
    through: str | None = None  # the merchant whose account acts on its behalf, as a platform does
    providers: tuple[str, ...] = ()  # at which it has an account; empty: at all of them
    routing: tuple[str, ...] = ()  # the order in which they are asked; empty: as a story says
    currencies: tuple[str, ...] = ()  # that it takes; empty: all
    capture: str | None = None  # automatic | manual: how all its money is taken; None: as each order says


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """Where one provider's webhooks go."""

    provider: str
    path: str  # or a whole URL; loopback unless allowed


@dataclass(frozen=True, slots=True)
class TransitionPaths:
    """JSONPath of the transition records in the view's answer: the list, then within one record."""

    list: str
    correlation: str
    actor: str
    to: str | None = None  # status word that it led to


@dataclass(frozen=True, slots=True)
class Transition:
    """One transition that an integration reports of an order; empty: it does not say."""

    correlation: str
    actor: str
    to: str | None = None


@dataclass(frozen=True, slots=True)
class EffectDoor:
    """One effect that the integration sends to our sink: where it arrives, and how it is told apart."""

    name: str
    method: str
    path: str  # below {sink.url}
    order: str | None = None  # JSONPath of our order reference; None: wherever it stands
    key: str = "Idempotency-Key"  # header, or JSONPath in the body, that is the same when it is sent again
    due_on: str | None = None  # view status with which it is owed; None: nobody says when


@dataclass(frozen=True, slots=True)
class Declares:
    """What the integration says about itself; what it does not say is not judged. Milliseconds."""

    deadline_ms: int = 10_000  # no operation takes longer
    retry_base_ms: int | None = None
    poll_interval_ms: int | None = None  # it polls by itself, this often
    recovery_ms: int = 0  # real time it needs after a failure before a retry finds it well
    signature_tolerance_ms: int = 300_000  # how far a signature's moment may be from its own clock
    background_ms: int | None = None  # longest thing it does by itself; 0: nothing; None: not said
    ship_on: str = "captured"  # captured | authorized | pending
    pending_refunds_count: bool = True  # its refunded amount includes refunds that are not final
    failed_checks: str | None = None  # review: of a card that was approved with a wrong CVC or postal code
    expiry_ms: int | None = None  # an order that its shopper has left is given up after this time, virtual
    retries_max: int | None = None  # attempts of one request without a new reason
    retry_cap_ms: int | None = None  # its pauses grow up to this
    breaker_failures: int | None = None  # so many calls fail in a row, and it asks no more ...
    breaker_pause_ms: int | None = None  # ... but once in this time, real
    webhook_lag_ms: int | None = None  # no genuine webhook takes longer, where nothing goes wrong
    refund_time_ms: int | None = None  # nor does a refund
    once: tuple[str, ...] = ()  # effects that must happen at most once for an order


@dataclass(frozen=True, slots=True)
class Description:
    """The whole of badgateway.yaml."""

    name: str
    base_url: str  # may hold {port}
    start: Start | None
    operations: Mapping[str, RequestTemplate]
    view: ViewPaths
    statuses: Mapping[str, str]  # its own word -> one of VIEW_STATUSES
    webhooks: tuple[WebhookTarget, ...] = ()
    effects: tuple[EffectDoor, ...] = ()
    settlement: SettlementPaths | None = None
    reconciliation: ReconciliationPaths | None = None
    logs: tuple[str, ...] = ()
    metrics: str | None = None
    counters: Mapping[str, str] = field(default_factory=dict)  # what it counts -> series of its metrics
    transitions: TransitionPaths | None = None
    declares: Declares = field(default_factory=Declares)
    folder: str = "."  # where badgateway.yaml lies; relative paths start here
    allowed_hosts: tuple[str, ...] = ()  # beside loopback
    merchants: tuple[Merchant, ...] = ()  # none: it serves one only
    usual: str | None = None  # the merchant of stories that name none; None: the first
    contracts: Contracts = NO_CONTRACTS
    states: Mapping[str, State] = field(default_factory=dict)  # provider state -> its story
    providers: Mapping[str, str] = field(default_factory=dict)  # name -> the file that declares it

    @property
    def in_turn(self) -> tuple[Merchant, ...]:
        """Give its merchants as a story's stand for them: first the one of stories that name none."""
        return tuple(sorted(self.merchants, key=lambda one: one.name != self.usual))


@dataclass(frozen=True, slots=True)
class OperationResult:
    """What one operation came to. info: nobody knows (time-out, 5xx, still pending)."""

    outcome: str  # ok | fail | info
    http_status: int | None
    status: str | None  # view status in the answer, where there is one
    elapsed_ms: float
    problem: str | None = None  # connection refused, timeout, garbage, ...
    captured: Mapping[str, Any] = field(default_factory=dict)
    is_sent: bool = True  # false: no request could be made of its template


@dataclass(frozen=True, slots=True)
class ViewRead:
    """What the integration says about one order."""

    status: str | None
    raw: str | None = None
    paid_minor: int | None = None
    refunded_minor: int | None = None
    currency: str | None = None
    refs: tuple[str, ...] | None = None
    effects: Mapping[str, int] = field(default_factory=dict)
    transitions: tuple[Transition, ...] | None = None
    is_readable: bool = True
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class SettlementRead:
    """What the settlement report says: rows of payout?, currency, paid, the terms it shows, exceptions."""

    rows: tuple[Mapping[str, Any], ...] = ()  # amounts in minor units; exceptions: how many
    shows: tuple[str, ...] = ()  # of the terms, and exceptions
    is_readable: bool = True
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class ReconciliationRead:
    """What a reconciliation says: rows of kind, references, amount, currency and what else it shows."""

    rows: tuple[Mapping[str, Any], ...] = ()  # amounts in minor units
    shows: tuple[str, ...] = ()  # of EXCEPTIONS, and owner, remedy
    is_readable: bool = True
    problem: str | None = None
