"""Amounts: each fits its currency, and what is paid is more than nothing."""

from __future__ import annotations

from collections.abc import Iterator

from badgateway.errors import Problem, nearest
from badgateway.ground.money import to_minor
from badgateway.ground.rates import PER_EURO
from badgateway.ground.yaml12 import Path
from badgateway.scenario.model import Amount, Case

DEFAULT_CURRENCY = "EUR"


def check_money(case: Case) -> list[Problem]:
    """Give what is wrong with the amounts of a case."""
    currency = case.world.currency or DEFAULT_CURRENCY
    mend = "" if case.world.currency else f"without `world: {{currency: ...}}` it is {currency}"
    problems = []
    for path, amount, may_be_nothing in _amounts(case):
        try:
            minor = to_minor(amount, currency)
        except ValueError as error:
            problems.append(case.document.problem(path, str(error), mend))
            continue
        if minor == 0 and not may_be_nothing:
            problems.append(case.document.problem(path, "an amount is more than nothing"))
    return problems + _check_world(case, currency)


def _check_world(case: Case, currency: str) -> list[Problem]:
    """Give what is wrong with the base currency, and with prices that a cart makes by itself."""
    problems, base = [], case.world.base_currency
    for code in (base, currency) if base is not None else ():
        if code not in PER_EURO:
            what = f"no exchange rate of {code} is known{nearest(str(code), PER_EURO)}"
            problems.append(case.document.problem(("world", "base_currency"), what))
    priced = [step for step in case.each_step() if step.do == "pay" and step.amount is not None]
    if case.world.cart is not None and priced:
        path = (*priced[0].path, "pay", "amount")
        problems.append(case.document.problem(path, "the cart makes the price", "leave the amount out"))
    return problems


def states_amounts(case: Case) -> bool:
    """Say whether the story states an amount anywhere, so that its currency cannot be left to the seed."""
    if case.world.base_currency is not None:
        return True
    return any(True for _ in _amounts(case)) or any("amount" in fault.options for fault in case.faults)


def _amounts(case: Case) -> Iterator[tuple[Path, Amount, bool]]:
    for step in case.each_step():
        if step.amount is not None:
            yield (*step.path, step.do, "amount"), step.amount, False
    for name in ("captured", "refunded"):
        for order, amount in getattr(case.expect, name).items():
            yield ("expect", name, order), amount, True
