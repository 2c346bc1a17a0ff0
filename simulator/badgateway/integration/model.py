"""What badgateway.yaml describes, and what came back from the integration, as plain records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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
OPERATIONS = ("open", "pay", "authenticate", "return", "capture", "refund", "cancel", "sync", "view")


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
class Ready:
    """How it shows that it is up."""

    path: str = "/health"
    status: int = 200
    within_ms: int = 15_000


@dataclass(frozen=True, slots=True)
class Start:
    """How to start it; none: it runs already."""

    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: str = "."
    ready: Ready = field(default_factory=Ready)


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """Where one provider's webhooks go."""

    provider: str
    path: str  # or a whole URL; loopback unless allowed


@dataclass(frozen=True, slots=True)
class Declares:
    """What the integration says about itself; what it does not say is not judged. Milliseconds."""

    deadline_ms: int = 10_000  # no operation takes longer
    retry_base_ms: int | None = None
    poll_interval_ms: int | None = None  # it polls by itself, this often
    recovery_ms: int = 0  # real time it needs after a failure before a retry finds it well
    background_ms: int | None = None  # longest thing it does by itself; 0: nothing; None: not said
    ship_on: str = "captured"  # captured | authorized
    pending_refunds_count: bool = True  # its refunded amount includes refunds that are not final
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
    logs: tuple[str, ...] = ()
    metrics: str | None = None
    declares: Declares = field(default_factory=Declares)
    folder: str = "."  # where badgateway.yaml lies; relative paths start here
    allowed_hosts: tuple[str, ...] = ()  # beside loopback


@dataclass(frozen=True, slots=True)
class OperationResult:
    """What one operation came to. info: nobody knows (time-out, 5xx, still pending)."""

    outcome: str  # ok | fail | info
    http_status: int | None
    status: str | None  # view status in the answer, where there is one
    elapsed_ms: float
    problem: str | None = None  # connection refused, timeout, garbage, ...
    captured: Mapping[str, Any] = field(default_factory=dict)


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
    is_readable: bool = True
    problem: str | None = None
