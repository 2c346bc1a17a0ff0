"""Request templates: `{name}` stands for a declared value, and nothing else can be reached.

`{name|number}` is the one form of a value: a JSON number, for integrations that take 49.99 and not "49.99".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from badgateway.errors import nearest

PORT = "port"
START_NAMES = (PORT, "workdir", "python", "provider")
SETTINGS = ("url", "api_key", "webhook_secret")  # of a provider: {stripe.url}
OWN_SETTINGS = {  # what only one of them has
    "adyen": ("merchant_account",),
    "braintree": ("user", "public_key", "private_key", "merchant_id"),
    "checkout": ("user",),
    "euler": ("merchant_id", "response_key", "webhook_user"),
    "paypal": ("user", "client_id", "client_secret", "webhook_id"),
    "razorpay": ("user", "key_id", "key_secret"),
    "square": ("user", "access_token"),
    "worldpay": ("user", "username", "password"),
}
ORDER_NAMES = (
    "order.reference",
    "order.id",
    "order.amount",
    "order.amount_minor",
    "order.currency",
    "order.capture",
    "order.base_currency",
    "order.base_amount",
    "order.base_amount_minor",
    "order.cart",
    "order.card",
    "order.cards",
    "shopper.name",
    "shopper.email",
    "amount",
    "amount_minor",
    "currency",
    "refund.reference",
    "order.save",
    "order.increments",
    "increment.reference",
    "increment.total",
    "increment.total_minor",
    "renewed.reference",
    "renewed.id",
    "renewed.period",
    "card.number",
    "card.cvc",
    "card.month",
    "card.year",
)
CLOCK_NAMES = ("clock.now", "clock.now_ms")  # of the story: the wall clock, and what was advanced
ORDER_MERCHANT = "order.merchant"  # where badgateway.yaml names merchants
MERCHANT = "merchant"  # in the path of webhooks, likewise
CAPTURED = "captured."
NUMBER = "|number"

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_DECIMAL = re.compile(r"[0-9]{1,15}(\.[0-9]{1,4})?")
_LITERAL_IN_URL = "/%?&=:+,;@!$'()*~-._#[]"


class TemplateError(ValueError):
    """A template that cannot be filled; its message is a plain sentence."""


def split(text: str) -> Iterator[tuple[str, str | None]]:
    """Give the parts of a template in turn: (literal text, None) or ("", name).

    Raises TemplateError for a brace without its partner; `{{` and `}}` are literal braces.
    """
    end = 0
    for found in _TOKEN.finditer(text):
        if found.start() > end:
            yield text[end : found.start()], None
        end = found.end()
        token = found.group()
        if token in ("{{", "}}"):
            yield token[0], None
        elif found.group(1) is not None:
            yield "", found.group(1)
        else:
            raise TemplateError(f"a brace without its partner; a literal one is written {token * 2}")
    if end < len(text):
        yield text[end:], None


def names(text: str) -> tuple[str, ...]:
    """Give the names that a template uses; raises TemplateError."""
    return tuple(name.removesuffix(NUMBER) for _, name in split(text) if name is not None)


def unknown_name(name: str, known: Iterable[str]) -> str:
    """Say that a name is not declared, and which is nearest."""
    return f"unknown name {{{name}}}{nearest(name, known)}"


def fill(text: str, values: Mapping[str, object]) -> str:
    """Fill a template with text; raises TemplateError for a name without a value."""
    return "".join(part if name is None else str(_value(name, values)) for part, name in split(text))


def fill_url(text: str, values: Mapping[str, object]) -> str:
    """Fill a path or URL; each value is percent-encoded, so that none can change the path's structure."""
    return "".join(
        quote(part, safe=_LITERAL_IN_URL) if name is None else quote(str(_value(name, values)), safe="")
        for part, name in split(text)
    )


def fill_json(template: Any, values: Mapping[str, object]) -> Any:
    """Fill every text of a JSON value; a text that is nothing but one name keeps the value's own type."""
    match template:
        case str():
            parts = tuple(split(template))
            if len(parts) == 1 and parts[0][1] is not None:
                return _value(parts[0][1], values)
            return fill(template, values)
        case Mapping():
            return {key: fill_json(item, values) for key, item in template.items()}
        case list() | tuple():
            return [fill_json(item, values) for item in template]
        case _:
            return template


def texts(template: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Give every text of a JSON value with its place."""
    match template:
        case str():
            yield path, template
        case Mapping():
            for key, item in template.items():
                yield from texts(item, (*path, key))
        case list() | tuple():
            for index, item in enumerate(template):
                yield from texts(item, (*path, index))
        case _:
            return


def _value(name: str, values: Mapping[str, object]) -> object:
    if name.endswith(NUMBER):
        return _number(name.removesuffix(NUMBER), values)
    if name in values:
        return values[name]
    if name.startswith(CAPTURED):
        raise TemplateError(f"{{{name}}} has no value: no earlier answer for this order gave it")
    raise TemplateError(f"{{{name}}} has no value here")


def _number(name: str, values: Mapping[str, object]) -> object:
    text = str(_value(name, values))
    if not _DECIMAL.fullmatch(text):
        raise TemplateError(f"{{{name}}} is no number: {text[:40]!r}")
    # The shortest text of this float is the decimal itself: amounts have at most 15 digits.
    return float(text) if "." in text else int(text)
