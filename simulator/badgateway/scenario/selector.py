"""Selectors: capture[2], o1.refund[*], payment.succeeded[1], adyen:charge[1], euler->stripe capture[1], *."""

from __future__ import annotations

import re
from dataclasses import replace

from badgateway.errors import nearest
from badgateway.providers.base import OPERATIONS
from badgateway.scenario.language import EVENTS
from badgateway.scenario.model import Selector

ANY = "*"
EFFECT = "effect"  # in place of a provider: effect:mail[1] is what is sent to the sink
OF_NO_ORDER = ("payout.paid",)  # events about the whole account
_INDEX = re.compile(r"(?P<head>[^\[\]]*)\[(?P<n>\*|[0-9]{1,4})\]")
_HEAD = re.compile(r"[a-z0-9_.]+", re.IGNORECASE)
# Who calls, and whose call or event it is: `euler->`, `adyen:` or `adyen `, an order before or after it.
_PLACE = re.compile(
    r"(?:(?P<order>[a-z][a-z0-9_]*)\.)?(?:(?P<by>[a-z][a-z0-9_-]*)->)?"
    r"(?:(?P<provider>[a-z][a-z0-9_-]*)(?::|[ ]+))?(?P<own>.*)",
    re.DOTALL,
)


def parse_call(text: str, orders: tuple[str, ...]) -> Selector:
    """Read which call of an integration to a provider is meant; raises ValueError with the mend in it."""
    return _resolved(_parse(text, orders, OPERATIONS), orders)


def parse_event(text: str, orders: tuple[str, ...]) -> Selector:
    """Read which webhook event is meant; raises ValueError with the mend in it."""
    return _resolved(_parse(text, orders, EVENTS), orders)


def _parse(text: str, orders: tuple[str, ...], names: tuple[str, ...]) -> Selector:
    kind, is_call = ("operation", True) if names is OPERATIONS else ("event", False)
    by, provider, own = _place(text, orders)
    order, _, rest = own.rpartition(".")
    if is_call and ANY in {own, rest}:
        return Selector(text, ANY, None, _order(order, orders) if order else None, provider, by)
    if by is not None and not is_call:
        raise ValueError(f"{text!r} says who calls, and an event is told by its provider alone")
    found = _INDEX.fullmatch(own)
    if found is None:
        if "[" in own or not _HEAD.fullmatch(own):
            raise ValueError(f"{text!r} is no selector; write it like {names[1]}[1] or {names[1]}[*]")
        raise ValueError(f"which {text}? say {text}[1] or {text}[*]")
    head, n = found["head"], None if found["n"] == ANY else int(found["n"])
    if n == 0:
        raise ValueError(f"{text!r} counts from 1")
    if provider == EFFECT or (provider and not is_call):
        named = next((name for name in orders if head.startswith(f"{name}.")), None)
        return Selector(text, head.removeprefix(f"{named}."), n, named, provider)
    if head in names:
        return Selector(text, head, n, None, provider, by)
    order, _, name = head.partition(".")
    if name in names:
        return Selector(text, name, n, _order(order, orders), provider, by)
    if provider:
        what = "names a provider's event; a fault strikes an operation such as"
        raise ValueError(f"{text!r} {what} {provider}:charge[1]")
    raise ValueError(_unknown(text, head, kind, names, orders))


def _place(text: str, orders: tuple[str, ...]) -> tuple[str | None, str | None, str]:
    """Take who calls and whose it is off a selector; an order that stands before them goes to the rest."""
    found = _PLACE.fullmatch(text)
    assert found is not None, "any text has a rest"
    if found["by"] is None and found["provider"] is None:
        return None, None, text
    order = "" if found["order"] is None else f"{_order(found['order'], orders)}."
    return found["by"], found["provider"], f"{order}{found['own']}"


def _unknown(text: str, head: str, kind: str, names: tuple[str, ...], orders: tuple[str, ...]) -> str:
    others = EVENTS if names is OPERATIONS else OPERATIONS
    name = next((head.removeprefix(f"{order}.") for order in orders if head.startswith(f"{order}.")), head)
    if name in others:
        other = (
            "an event, and a fault strikes" if names is OPERATIONS else "an operation, and a delivery sends"
        )
        wanted = (
            "an operation such as charge[1]"
            if names is OPERATIONS
            else "an event such as payment.succeeded[1]"
        )
        return f"{text!r} names {other} {wanted}"
    return f"unknown {kind} {name!r}{nearest(name, names)}"


def _order(name: str, orders: tuple[str, ...]) -> str:
    if name not in orders:
        raise ValueError(f"unknown order {name!r}{nearest(name, orders)}")
    return name


def _resolved(selector: Selector, orders: tuple[str, ...]) -> Selector:
    """Fill in the story's only order, or refuse to guess between several."""
    is_of_none = selector.name == ANY or selector.name in OF_NO_ORDER
    if selector.order is not None or is_of_none or not orders:
        return selector
    if len(orders) > 1:
        own = _place(selector.text, orders)[2]
        prefix = selector.text.removesuffix(own)
        raise ValueError(f"{selector.text!r} could be of several orders; say {prefix}{orders[0]}.{own}")
    return replace(selector, order=orders[0])
