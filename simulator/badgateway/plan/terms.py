"""What the merchants of an integration agreed to: which stories are theirs, and what is left open to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from badgateway.ground.money import exponent
from badgateway.ground.rates import PER_EURO
from badgateway.plan.draw import draw_currency
from badgateway.plan.model import Plan
from badgateway.scenario.check_money import DEFAULT_CURRENCY, states_amounts
from badgateway.scenario.model import Case, Selector

# What a story says only of money that was taken, and the steps that need some.
_TAKEN = frozenset({"PAID", "PARTIALLY_REFUNDED", "REFUNDED", "DISPUTED"})
_TAKING = frozenset({"payment.succeeded", "refund.succeeded", "refund.failed", "refund"})
_GIVING = frozenset({"refund", "refund_from_dashboard", "dispute", "return_debit", "fail_refund", "renew"})
_SETTLING = frozenset({"settle", "payout"})


class Terms(Protocol):
    """One merchant of the integration; what is empty or None sets no limit."""

    @property
    def name(self) -> str:
        """What the integration calls it."""

    @property
    def providers(self) -> tuple[str, ...]:
        """At which it has an account."""

    @property
    def routing(self) -> tuple[str, ...]:
        """In which order they are asked."""

    @property
    def currencies(self) -> tuple[str, ...]:
        """Which it takes."""

    @property
    def capture(self) -> str | None:
        """How all its money is taken: automatic or manual."""


def why_unfit(plan: Plan, merchants: Sequence[Terms]) -> str:
    """Say why a story is not one of these merchants, as they stand for its own; empty where it is."""
    return next(_reasons(plan, merchants), "")


def preferred(known: Sequence[str], merchants: Sequence[Terms]) -> str:
    """Give the provider for a story that any of these would do for: the first that its merchant asks."""
    asked = (merchants[0].routing or merchants[0].providers) if merchants else ()
    return next((name for name in asked if name in known), known[0])


def open_currency(case: Case, merchants: Sequence[Terms], *stream: object) -> str:
    """Give the currency of a story that states none: one that all its merchants take, where there is one."""
    several = [one.currencies for one in merchants[: len(case.world.merchants) or 1] if one.currencies]
    taken = [code for code in several[0] if all(code in one for one in several)] if several else []
    if not states_amounts(case):
        return draw_currency(*stream, among=taken)
    # The amounts were written with two decimals in mind, and perhaps to be converted.
    fitting = [code for code in taken if exponent(code) == exponent(DEFAULT_CURRENCY) and code in PER_EURO]
    return DEFAULT_CURRENCY if DEFAULT_CURRENCY in fitting or not fitting else fitting[0]


def open_capture(case: Case, order: str, merchant: Terms | None) -> str:
    """Give how the money of an order is taken that does not say so: as its merchant does.

    A story that goes on as if the money were taken has said that it is taken at once.
    """
    if merchant is None or merchant.capture is None or _presumes_money(case, order):
        return "automatic"
    return merchant.capture


def _presumes_money(case: Case, order: str) -> bool:
    steps = case.each_step()
    done = {step.do for step in steps if order in {step.order, step.renews}}
    is_owed = any(step.do in _SETTLING for step in steps)
    told = (*(one.event for one in case.deliveries), *(one.after for one in case.deliveries))
    named = (*told, *(fault.at for fault in case.faults))
    is_named = any(one is not None and _is_about(one, order) and one.name in _TAKING for one in named)
    is_expected = case.expect.order.get(order) in _TAKEN or bool(case.expect.captured.get(order))
    return is_owed or is_named or is_expected or not done.isdisjoint(_GIVING)


def _is_about(selector: Selector, order: str) -> bool:
    return selector.order in {None, order}


def _reasons(plan: Plan, merchants: Sequence[Terms]) -> Iterator[str]:
    named = dict(zip(plan.merchants or (None,), merchants, strict=False))
    for one in named.values():
        for provider in plan.providers:
            if one.providers and provider not in one.providers:
                yield f"merchant {one.name} has no account at {provider}"
        asked = [name for name in one.routing if name in plan.route]
        if asked and asked != list(plan.route):
            yield f"merchant {one.name} asks {', '.join(one.routing)} in this order, the story another"
    for order in plan.orders:
        whose = named.get(order.merchant)
        if whose is None:
            continue
        if whose.currencies and order.currency not in whose.currencies:
            yield f"merchant {whose.name} does not take {order.currency}"
        if whose.capture is not None and whose.capture != order.capture:
            yield f"merchant {whose.name} has all its money taken with capture: {whose.capture}"
