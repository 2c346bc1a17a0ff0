"""The materialised plan: plain data, complete, the same for the same scenario, case and seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from badgateway.plan.cart import Cart
from badgateway.providers.base import OPERATIONS

if TYPE_CHECKING:
    from badgateway.providers.euler.behind import Rule

ANY = "*"
CALLS = (*OPERATIONS, ANY)
EFFECT = "effect"  # in a fault's selector, where a provider's name would stand: effect:mail[1]


@dataclass(frozen=True, slots=True)
class Selector:
    """What is meant: `charge[2]`, `o1.refund[*]`, `payment.failed[1]`, `adyen:charge[1]`, `*`."""

    name: str  # operation or event name, or * for every call
    n: int | None  # counted per order from 1; None: every one
    order: str | None  # the story's name of the order; None only for `*` or where no order applies
    provider: str | None = None  # only there, and counted there; an event's name may be the dialect's own
    by: str | None = None  # who calls, where it is not the integration: an orchestrator, counted by itself

    def __str__(self) -> str:
        is_call = self.name in CALLS and self.provider != EFFECT
        head = f"{self.order}." if self.order and (is_call or not self.provider) else ""
        head += f"{self.by}->" if self.by else ""
        head += f"{self.provider}:" if self.provider else ""
        return head + self.name + ("" if self.name == ANY else f"[{ANY if self.n is None else self.n}]")


@dataclass(frozen=True, slots=True)
class Order:
    """One order of the story."""

    name: str  # o1
    amount_minor: int  # agreed; a later pay step may carry another
    currency: str
    capture: str  # automatic | manual
    card: str  # neutral card word of the dialect's `cards`
    shopper: Mapping[str, str]  # name, email: Faker's, drawn when the plan is compiled
    merchant: str | None = None  # the story's name of the merchant whose it is; None: there is one only
    cart: Cart | None = None  # what makes up the amount; None: it is just an amount
    is_saving: bool = False  # its payment method is kept for renewals
    is_raised: bool = False  # its hold will be asked to be raised, and the checkout knows that
    script: tuple[str, ...] = ()  # what its issuer answers, charge by charge; after that, what the card says
    renews: str | None = None  # the order of the first period, where this is a later one
    period: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """Something a shopper, a merchant, the provider or the operator does."""

    n: int  # number in the story, from 1; members of `together` share it
    do: str  # pay authenticate return abandon capture refund cancel sync dispute ... together
    order: str | None = None
    amount_minor: int | None = None
    currency: str | None = None
    card: str | None = None  # pay: overrides the order's
    by_ms: int = 0  # advance; payout: how late its report is
    is_again: bool = False  # pay: at once, though the last attempt may be undecided
    is_forged: bool = False  # return without having paid
    is_passed: bool = True  # authenticate; dispute: won
    result: str | None = None  # dispute: open | won | lost
    stage: str | None = None  # dispute: inquiry | chargeback | pre_arbitration; None: a chargeback
    flaw: str | None = None  # settle: missing | late | repeated | misstated
    flaws: Mapping[str, str] = field(default_factory=dict)  # settle: order -> one of these
    reason: str | None = None  # adjust: reserve | release | charge | credit
    merchant: str | None = None  # in whose account; None: the first, for pay_elsewhere the order's other mode
    provider: str | None = None  # settle, adjust, payout: there alone; None: wherever the story's money is
    members: tuple[Step, ...] = ()  # together
    repeat: int = 1  # together: so many bursts, one after the other
    line: int = 0  # in the scenario file
    renews: str | None = None  # renew: the order of the first period


@dataclass(frozen=True, slots=True)
class PlannedFault:
    """One fault, its place and its parameters, all checked."""

    index: int  # from 1, in the order of the file
    at: Selector
    phase: str  # connect | before_commit | after_commit; decide has before_commit
    do: str  # name in the catalogue
    values: Mapping[str, object] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True)
class PlannedDelivery:
    """How the deliveries of one event differ from the default (once, in ledger order, after its reply)."""

    index: int
    event: Selector
    copies: int = 1
    how: str = "in_turn"  # in_turn | at_once
    before: str | None = None  # reply: while the provider's answer is held
    after: Selector | None = None  # not before this event was delivered
    delay_ms: int = 0  # virtual
    is_lost: bool = False
    is_late: bool = False  # after everything is quiet, and once more virtual time passed
    beside: str | None = None  # kept for this operation of its order: both at the same moment
    then: str | None = None  # kill: as soon as it was acknowledged
    # ok | none garbage other_tenant: an attacker's, beside the genuine one | stale: a captured genuine one
    # again | rotated: signed with the old and the new secret
    signature: str = "ok"
    line: int = 0
    mutate: Mapping[str, object] = field(default_factory=dict)  # kind, field (paths), drift
    batch: tuple[Selector, ...] = ()  # events that travel in the same request
    is_renamed: bool = False  # copies after the first are other events about the same fact
    to: str | None = None  # beside its own endpoint also to this one: a merchant's, or one by its own name
    is_of_strangers: bool = False  # the provider's own events about payments that the integration never made
    is_resent: bool = False  # the provider stops waiting at its deadline, and sends again


@dataclass(frozen=True, slots=True)
class PlannedLoad:
    """What is asked of the integration while one of its calls is held at the gate."""

    index: int
    on: tuple[str, ...]  # health | view | open
    during: Selector
    order: str | None = None  # whose view is read, or which order is opened
    times: int = 1
    line: int = 0


@dataclass(frozen=True, slots=True)
class Expect:
    """What this story means, beyond the laws that are always judged."""

    order: Mapping[str, str] = field(default_factory=dict)  # order -> view status
    captured_minor: Mapping[str, int] = field(default_factory=dict)
    refunded_minor: Mapping[str, int] = field(default_factory=dict)
    broken: tuple[str, ...] = ()  # invariants expected to break


@dataclass(frozen=True, slots=True)
class Plan:
    """One case of one scenario with one seed."""

    scenario: str  # path as given, with forward slashes
    title: str
    why: str
    tags: tuple[str, ...]
    case: int  # from 1
    cases: int
    matrix: Mapping[str, object]  # the values of this case
    seed: int
    provider: str
    is_strict: bool
    orders: tuple[Order, ...]
    steps: tuple[Step, ...]
    faults: tuple[PlannedFault, ...]
    deliveries: tuple[PlannedDelivery, ...]
    expect: Expect
    interleaving: int  # which legal interleaving of webhooks; consecutive seeds walk through them
    load: tuple[PlannedLoad, ...] = ()
    merchants: tuple[str, ...] = ()  # the story's names, the first is the one of orders that name none
    base_currency: str | None = None  # in which the merchant keeps its books and is settled
    canary: tuple[str, ...] = ()  # doors by which made-up card numbers come in: card, provider
    route: tuple[str, ...] = ()  # providers in the order of preference, `provider` first; empty: only that
    behind: tuple[str, ...] = ()  # providers to which `provider` sends payments on, in the order of priority
    rules: tuple[Rule, ...] = ()  # by which it does so

    def order(self, name: str) -> Order:
        """Give an order by its name in the story."""
        return next(order for order in self.orders if order.name == name)

    @property
    def providers(self) -> tuple[str, ...]:
        """Give the providers that take part, the first one first."""
        return self.route or (self.provider,)

    @property
    def is_racing(self) -> bool:
        """Say whether the story holds a deliberate race."""
        if any(delivery.beside for delivery in self.deliveries):
            return True
        return any(step.do == "together" for step in self.steps) or any(
            (delivery.how == "at_once" and delivery.copies > 1) or delivery.is_resent
            for delivery in self.deliveries
        )
