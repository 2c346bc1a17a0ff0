"""What the page on which a shopper is asked must mean: a payment that it names, and cards that need it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from badgateway.errors import Problem, nearest
from badgateway.ground.yaml12 import Document, Path
from badgateway.payments.decisions import CARDS
from badgateway.providers.declared.model import steps_of

# What the book knows by ids of its own, which do not tell the payment.
_OTHERS = ("attempt", "refund", "dispute", "event")


def challenge_problems(document: Document) -> Iterator[Problem]:
    """Give every problem of the page, or of its being left out."""
    value: Mapping[str, Any] = document.value
    if "challenge" in value:
        yield from _page(document, value)
        return
    for word in value["cards"]:
        if word in CARDS and CARDS[word].kind == "action":
            what, mend = f"{word!r} needs a page on which the shopper is asked", "add `challenge: {...}`"
            yield document.problem(("cards", word), what, mend, at_key=True)


def _page(document: Document, value: Mapping[str, Any]) -> Iterator[Problem]:
    path: Path = ("challenge", "page")
    steps = steps_of(value["challenge"]["page"])
    kinds = [step[1:-1] for step in steps if step.startswith("{")]
    for kind in kinds:
        if kind not in value["ids"]:
            yield document.problem(path, f"unknown kind of id {{{kind}}}{nearest(kind, value['ids'])}")
        elif kind in _OTHERS:
            yield document.problem(path, f"{{{kind}}} does not tell the payment")
    if len(kinds) != 1:
        yield document.problem(path, "the page of one payment", "name it once, as /challenges/{payment}")
    pattern = ["{}" if step.startswith("{") else step for step in steps]
    for index, route in enumerate(value["routes"]):
        method, _, address = route["on"].partition(" ")
        taken = ["{}" if step.startswith("{") else step for step in steps_of(address)]
        if method in {"GET", "POST"} and taken == pattern:
            yield document.problem(path, f"the address of routes[{index}] once more")
