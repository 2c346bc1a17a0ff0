"""What was asked: one scenario as frozen records, each with its place in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from badgateway.ground.yaml12 import Document, Path

Amount = Decimal | int | str


@dataclass(frozen=True, slots=True)
class Scenario:
    """One YAML story with all the cases of its matrix."""

    path: str  # as given, or relative to the bundled artefacts; forward slashes
    title: str
    why: str
    tags: tuple[str, ...]
    providers: tuple[str, ...]  # empty: any
    cases: tuple[Case, ...]
    document: Document


@dataclass(frozen=True, slots=True)
class Case:
    """The story with one combination of the matrix filled in."""

    n: int  # from 1
    matrix: Mapping[str, object]
    world: World
    steps: tuple[Step, ...]
    faults: tuple[Fault, ...]
    deliveries: tuple[Delivery, ...]
    expect: Expect
    document: Document  # with the values of this case, and the places where they stand
    load: tuple[Load, ...] = ()

    def line(self, path: Path) -> int:
        """Give the line of a part."""
        return self.document.mark(path)[0]

    def each_step(self) -> tuple[Step, ...]:
        """Give all steps, members of `together` instead of it."""
        return tuple(one for step in self.steps for one in (step.members or (step,)))


@dataclass(frozen=True, slots=True)
class World:
    """What the story takes place in."""

    currency: str | None = None
    card: str = "approved"
    is_strict: bool = True
    merchants: tuple[str, ...] = ()
    canary: tuple[str, ...] = ()
    base_currency: str | None = None
    cart: str | None = None
    route: tuple[str, ...] = ()  # providers in the order of preference; empty: one
    behind: tuple[str, ...] = ()  # providers to which the story's own sends payments on
    rules: tuple[Mapping[str, object], ...] = ()  # by which it does so, as they were written


@dataclass(frozen=True, slots=True)
class Selector:
    """Which call or event, as it was written."""

    text: str
    name: str  # operation, event, the dialect's own event type, or *
    n: int | None  # None: every one
    order: str | None = None
    provider: str | None = None
    by: str | None = None  # who calls, where it is not the integration


@dataclass(frozen=True, slots=True)
class Step:
    """Something a shopper, a merchant, the provider or the operator does."""

    n: int  # from 1; members of `together` share it
    do: str
    path: Path
    order: str | None = None
    amount: Amount | None = None
    capture: str | None = None
    card: str | None = None
    is_again: bool = False
    result: str | None = None
    is_forged: bool = False
    by_ms: int = 0
    flaw: str | None = None
    flaws: Mapping[str, str] = field(default_factory=dict)  # settle: order -> how its line is told wrongly
    reason: str | None = None
    stage: str | None = None
    merchant: str | None = None
    provider: str | None = None  # settle, adjust, payout: one of several
    members: tuple[Step, ...] = ()
    repeat: int = 1
    is_saving: bool = False  # pay: the payment method is kept
    script: tuple[str, ...] = ()  # pay: what the issuer answers, charge by charge
    renews: str | None = None  # renew: the order that was paid first; `order` is the period's own


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with a call; `do` and the options are not resolved yet."""

    index: int  # from 1
    path: Path
    at: Selector
    do: str
    phase: str | None = None
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the webhooks of an event arrive."""

    index: int  # from 1
    path: Path
    event: Selector
    copies: int = 1
    how: str = "in_turn"
    is_before_reply: bool = False
    after: Selector | None = None
    delay_ms: int = 0
    is_lost: bool = False
    is_late: bool = False
    signature: str | None = None
    beside: str | None = None  # the operation that it races
    then: str | None = None  # kill, once it is acknowledged
    mutate: Mapping[str, str] = field(default_factory=dict)  # kind, field, drift; empty: as it is
    batch: tuple[Selector, ...] = ()  # travel in the same request
    is_renamed: bool = False  # copies after the first come under new ids
    to: str | None = None
    is_of_strangers: bool = False
    is_resent: bool = False  # at the provider's deadline


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of the integration while one of its calls is held."""

    index: int  # from 1
    path: Path
    on: tuple[str, ...]
    during: Selector
    order: str | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Expect:
    """What this story means."""

    order: Mapping[str, str] = field(default_factory=dict)
    captured: Mapping[str, Amount] = field(default_factory=dict)
    refunded: Mapping[str, Amount] = field(default_factory=dict)
    broken: tuple[str, ...] = ()
