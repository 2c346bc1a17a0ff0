"""Compile a scenario with a seed: every name is resolved, and nothing is left to default or to chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from badgateway.errors import InputError, Problem, nearest
from badgateway.ground.money import to_minor
from badgateway.plan.cart import MIXED, draw_cart, total_minor
from badgateway.plan.draw import draw_amount, draw_shopper, interleaving
from badgateway.plan.model import Expect, Order, Plan, Step
from badgateway.plan.resolve import Resolver
from badgateway.plan.standing_behind import check_behind, read_rules
from badgateway.plan.terms import Terms, open_capture, open_currency, preferred
from badgateway.providers import DIALECTS
from badgateway.scenario.model import Amount, Case, Scenario
from badgateway.scenario.model import Step as Asked
from badgateway.scenario.periods import period_of
from badgateway.scenario.read import order_names


def compile_scenario(
    scenario: Scenario, seed: int, provider: str | None = None, merchants: Sequence[Terms] = ()
) -> tuple[Plan, ...]:
    """Give one plan for each case; equal arguments give equal plans.

    What a story leaves open is as the integration's `merchants` have it; the first stands for its first.
    Raises InputError with every unknown name of all cases, or where the story is not for this provider.
    """
    chosen = _provider(scenario, provider, merchants)
    plans: list[Plan] = []
    problems: dict[Problem, None] = {}
    for case in scenario.cases:
        compiler = _Compiler(scenario, case, seed, chosen, merchants)
        plans.append(compiler.plan())
        problems |= dict.fromkeys(compiler.resolver.problems)
    if problems:
        raise InputError(problems)
    return tuple(plans)


def _provider(scenario: Scenario, wanted: str | None, merchants: Sequence[Terms]) -> str:
    known = DIALECTS.names()
    if routes := {case.world.route for case in scenario.cases if case.world.route}:
        return _first_of(scenario, routes, wanted)
    problems = [
        scenario.document.problem(("providers", index), f"unknown provider {name!r}{nearest(name, known)}")
        for index, name in enumerate(scenario.providers)
        if name not in known
    ]
    if problems:
        raise InputError(problems)
    if wanted is not None and wanted not in known:
        raise InputError(f"unknown provider {wanted!r}{nearest(wanted, known)}")
    if wanted is not None and scenario.providers and wanted not in scenario.providers:
        what = f"the story is for {', '.join(scenario.providers)}, not for {wanted}"
        raise InputError([scenario.document.problem(("providers",), what)])
    return wanted or preferred(scenario.providers or known, merchants)


def _first_of(scenario: Scenario, routes: set[tuple[str, ...]], wanted: str | None) -> str:
    """Give the first provider of a story's route; no `--provider` changes a route."""
    known, path = DIALECTS.names(), ("world", "route")
    named = dict.fromkeys(name for route in routes for name in route)
    wrong = [f"unknown provider {name!r}{nearest(name, known)}" for name in named if name not in known]
    if len(routes) > 1 or any(not case.world.route for case in scenario.cases):
        wrong.append("all cases of a story have the same route")
    elif len(*routes) < 2:
        wrong.append("a route has two providers or more; one alone stands under `providers`")
    if scenario.providers:
        wrong.append("a story with a route is for its own providers: leave `providers` out")
    if wrong:
        raise InputError([scenario.document.problem(path, what) for what in wrong])
    first = next(iter(named))
    if wanted not in (None, first):
        what = f"the story is for the route {', '.join(named)}, not for {wanted}"
        raise InputError([scenario.document.problem(path, what)])
    return first


# What such a step states is not taken out of what the order costs.
_NOT_MOVED = ("pay", "increment")


class _Compiler:
    """Compiles one case."""

    def __init__(
        self, scenario: Scenario, case: Case, seed: int, provider: str, merchants: Sequence[Terms]
    ) -> None:
        self.scenario = scenario
        self.case = case
        self.seed = seed
        self.provider = provider
        self.resolver = Resolver(case, provider)
        # The name of every stream: a draw for one order shifts none of another.
        self.stream = (seed, scenario.path, case.n)
        self.terms = dict(zip(case.world.merchants or (None,), merchants, strict=False))
        self.currency = case.world.currency or open_currency(case, merchants, *self.stream)
        self.resolver.currency = self.currency
        self.orders: dict[str, Order] = {}
        for name in order_names(case.steps):
            self.orders[name] = self._order(name)

    def plan(self) -> Plan:
        """Give the plan; what the resolver could not resolve is in its problems."""
        scenario, case = self.scenario, self.case
        return Plan(
            scenario=scenario.path,
            title=scenario.title,
            why=scenario.why,
            tags=scenario.tags,
            case=case.n,
            cases=len(scenario.cases),
            matrix={name: _plain(value) for name, value in case.matrix.items()},
            seed=self.seed,
            provider=self.provider,
            is_strict=case.world.is_strict,
            orders=tuple(self.orders.values()),
            steps=tuple(self._step(step) for step in case.steps),
            faults=self.resolver.faults(),
            deliveries=self.resolver.deliveries(),
            expect=Expect(
                dict(case.expect.order),
                self._by_order(case.expect.captured),
                self._by_order(case.expect.refunded),
                self.resolver.broken(),
            ),
            interleaving=interleaving(self.seed, scenario.path, case.n),
            load=self.resolver.load(),
            merchants=case.world.merchants,
            canary=self.resolver.canary(),
            base_currency=case.world.base_currency,
            route=case.world.route,
            behind=check_behind(case, self.provider, self.resolver.tell),
            rules=read_rules(case, self.currency, self.resolver.tell),
        )

    def _order(self, name: str) -> Order:
        renewal = next((one for one in self._steps_of(name) if one.do == "renew"), None)
        if renewal is not None and renewal.renews in self.orders:
            return self._period(renewal, self.orders[renewal.renews])
        first = next((one for one in self._steps_of(name) if one.do == "pay"), None)
        stated = first.amount if first is not None else None
        # What the story takes or gives back of the order must be there, whatever the seed draws.
        moved = sum(self._minor(one.amount) or 0 for one in self._steps_of(name) if one.do not in _NOT_MOVED)
        amount = self._minor(stated)
        cart = draw_cart(self.currency, moved, *self.stream, name) if self.case.world.cart == MIXED else None
        if cart is not None:
            amount = total_minor(cart, self.currency)
        if amount is None:
            amount = draw_amount(self.currency, moved, *self.stream, name)
        return Order(
            name=name,
            amount_minor=amount,
            currency=self.currency,
            capture=(first.capture if first is not None else None)
            or open_capture(self.case, name, self.terms.get(self._merchant(name))),
            card=self.resolver.card(self.case.world.card, ("world", "card")),
            shopper=draw_shopper(*self.stream, name),
            merchant=self._merchant(name),
            cart=cart,
            is_saving=any(one.is_saving for one in self._steps_of(name)),
            is_raised=any(one.do == "increment" for one in self._steps_of(name)),
            script=tuple(word for one in self._steps_of(name) for word in one.script),
        )

    def _period(self, asked: Asked, first: Order) -> Order:
        """Give the order of a later period: of the same shopper, with the payment method that was kept."""
        paid = [one.card for one in self._steps_of(first.name) if one.do == "pay" and one.card]
        amount = self._minor(asked.amount)
        return replace(
            first,
            name=str(asked.order),
            amount_minor=first.amount_minor if amount is None else amount,
            capture="automatic",
            card=paid[-1] if paid else first.card,
            cart=None,
            is_saving=False,
            is_raised=False,
            script=(),
            renews=first.name,
            period=period_of(str(asked.order)),
        )

    def _merchant(self, order: str) -> str | None:
        said = (one.merchant for one in self._steps_of(order) if one.do == "pay" and one.merchant)
        return next(iter((*said, *self.case.world.merchants)), None)

    def _step(self, asked: Asked) -> Step:
        order = self.orders.get(asked.order or "")
        amount = self._minor(asked.amount)
        if amount is None and asked.do in {"pay", "renew"} and order is not None:
            amount = order.amount_minor
        if asked.do == "increment":
            self.resolver.check_raising(asked.path)
        if asked.card is not None:
            self.resolver.card(asked.card, (*asked.path, asked.do, "card"))
        return Step(
            n=asked.n,
            do=asked.do,
            order=asked.order,
            amount_minor=amount,
            currency=order.currency if order is not None else self.currency if amount is not None else None,
            card=asked.card,
            by_ms=asked.by_ms,
            is_again=asked.is_again,
            is_forged=asked.is_forged,
            is_passed=asked.result not in ("failed", "lost"),
            result=asked.result or ("open" if asked.do == "dispute" else None),
            flaw=asked.flaw,
            flaws=dict(asked.flaws),
            reason=asked.reason,
            stage=asked.stage,
            merchant=asked.merchant if asked.do != "pay" else None,
            provider=self.resolver.check_settling(asked),
            members=tuple(self._step(member) for member in asked.members),
            repeat=asked.repeat,
            line=self.case.line(asked.path),
            renews=asked.renews,
        )

    def _steps_of(self, name: str) -> list[Asked]:
        return [one for one in self.case.each_step() if one.order == name]

    def _minor(self, amount: Amount | None) -> int | None:
        return None if amount is None else to_minor(amount, self.currency)

    def _by_order(self, amounts: Mapping[str, Amount]) -> dict[str, int]:
        return {order: to_minor(amount, self.currency) for order, amount in amounts.items()}


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Decimal) else value
