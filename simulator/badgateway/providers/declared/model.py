"""A provider file as records: read once, checked whole, and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from badgateway.payments.idempotency import Rules


@dataclass(frozen=True, slots=True)
class Read:
    """Where a request says something."""

    at: str | None = None
    otherwise: str | None = None  # where else it may stand
    is_required: bool = False
    default: Any = None
    words: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)  # manual, automatic, no


def steps_of(path: str) -> tuple[str, ...]:
    """Give a path in its parts."""
    return tuple(path.strip("/").split("/"))


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where an idempotency key stands; neither header nor body: nowhere."""

    header: str | None = None
    body: str | None = None
    is_required: bool = False
    shortest: int = 1
    longest: int = 255


@dataclass(frozen=True, slots=True)
class Replies:
    """The answer of a route."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    waiting: int | None = None  # the status where the payment waits for shopper or bank


@dataclass(frozen=True, slots=True)
class Route:
    """One address: `steps` are its path, a placeholder as {kind}."""

    method: str
    path: str
    does: str
    reads: Mapping[str, Read]
    replies: Replies
    is_asynchronous: bool = False
    is_open: bool = False  # asked without an API key
    key: KeyPlace = field(default_factory=KeyPlace)

    @property
    def steps(self) -> tuple[str, ...]:
        """Give the path in its parts."""
        return steps_of(self.path)

    @property
    def names(self) -> tuple[str, ...]:
        """Give the kinds of object that its path names."""
        return tuple(step[1:-1] for step in self.steps if step.startswith("{"))


@dataclass(frozen=True, slots=True)
class Words:
    """A table from neutral states to the provider's own words."""

    of: str
    table: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """How one refusal is worded."""

    status: int
    body: Any
    code: Any = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Replays:
    """How the replay of a stored answer differs from it."""

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signature:
    """How webhooks are signed; see fields.py for the words."""

    scheme: str
    header: str = ""
    algorithm: str = "sha256"
    encoding: str = "hex"
    key: str = "text"
    over: str = "{body}"
    each: str = "{signature}"
    joined: str | None = None
    value: str = "{signatures}"
    prefix: str = "webhook"
    user: str = "badgateway"
    private_key: str = ""


@dataclass(frozen=True, slots=True)
class EventKind:
    """One wire event of a happening."""

    type: str
    shows: Any
    is_primary: bool = False
    with_move: str | None = None
    without_move: str | None = None
    when: str | None = None  # the name that must be true of what it tells


@dataclass(frozen=True, slots=True)
class Webhooks:
    """What a provider tells by itself."""

    ladder_ms: tuple[int, ...]
    signature: Signature
    body: Any
    events: Mapping[str, tuple[EventKind, ...]]
    headers: Mapping[str, str] = field(default_factory=dict)
    deadline_ms: int = 10_000
    give_up_after: int | None = None


@dataclass(frozen=True, slots=True)
class Authentication:
    """One way to show the API key."""

    scheme: str
    header: str = "Authorization"
    key: str = "password"
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """Where a page sends the shopper on to, and with what: both are templates."""

    to: str
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Challenge:
    """The page on which the bank asks a payment's shopper who he is."""

    page: str  # its path, with the id of the payment as {kind}
    passed: Way
    failed: Way


@dataclass(frozen=True, slots=True)
class Spec:
    """One declared provider."""

    name: str
    about: str
    left_out: tuple[str, ...]
    is_form: bool
    is_decimal: bool
    exponents: Mapping[str, int]
    authentication: tuple[Authentication, ...]
    settings: Mapping[str, str]
    ids: Mapping[str, str]
    cards: Mapping[str, str]
    hints: tuple[str, ...]
    remembers: Mapping[str, str]
    words: Mapping[str, Words]
    shapes: Mapping[str, Any]
    routes: tuple[Route, ...]
    errors: Mapping[str, ErrorWords]
    rules: Rules | None  # of idempotency keys; None: it knows none
    is_replayed_whatever: bool  # a key with other parameters gives the first answer again
    replays: Replays
    page_default: int
    page_max: int
    is_paged_by_id: bool
    webhooks: Webhooks
    holds_ms: int | None = None  # how long a hold lasts, virtual; None: as long as any
    challenge: Challenge | None = None  # None: it has no page on which it asks

    def prefix(self, kind: str) -> str:
        """Give what the ids of a kind begin with."""
        return self.ids.get(kind, "")
