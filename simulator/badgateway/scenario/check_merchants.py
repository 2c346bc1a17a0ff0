"""Merchants: whoever is named is one of the world's, and an order stays with its own from first to last."""

from __future__ import annotations

from badgateway.errors import Problem, nearest
from badgateway.scenario.model import Case, Step


def check_merchants(case: Case) -> list[Problem]:
    """Give what is wrong with the merchants that the steps of a case name."""
    owners: dict[str, str] = {}
    told = [(step, _wrong(step, case.world.merchants, owners)) for step in case.each_step()]
    return [case.document.problem(_place(step), *wrong) for step, wrong in told if wrong is not None]


def _wrong(step: Step, known: tuple[str, ...], owners: dict[str, str]) -> tuple[str, str] | None:
    """Say what is wrong with the merchant of a step, and how to mend it; remembers whose an order is."""
    if step.merchant is not None and step.merchant not in known:
        what = f"unknown merchant {step.merchant!r}{nearest(step.merchant, known)}"
        return what, "" if known else "name them all: `world: {merchants: [a, b]}`"
    merchant, order = step.merchant or next(iter(known), ""), step.order or ""
    if step.do == "pay" and owners.setdefault(order, merchant) != merchant:
        return f"order {order!r} belongs to merchant {owners[order]!r}", "an order stays with its merchant"
    if step.do == "pay_elsewhere" and step.merchant is not None and step.merchant == owners.get(order):
        return f"{step.merchant!r} is the order's own merchant", "name another one, or leave it out"
    return None


def _place(step: Step) -> tuple[str | int, ...]:
    return (*step.path, step.do, "merchant") if step.merchant is not None else step.path
