"""From an HTTP request to what it asks, without looking at any account."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from badgateway.ground.message import Request
from badgateway.ground.money import currencies
from badgateway.providers.addresses import find
from badgateway.providers.base import Parsed
from badgateway.providers.euler.call import Ask
from badgateway.providers.euler.gateway import reference_of
from badgateway.providers.euler.instruments import masked
from badgateway.providers.euler.pages import SERVED_AT, page_id
from badgateway.providers.euler.routes import ROUTES
from badgateway.providers.euler.shelf import order_id_in
from badgateway.providers.euler.units import to_minor

_CURRENCIES = frozenset(currencies())
_FIELDS_MAX = 200
_TEXTS = (
    "order_id",
    "orderId",
    "customer_id",
    "customer_email",
    "description",
    "product_id",
    *(f"udf{n}" for n in range(1, 11)),
)
_ORDER = "order."


class Unreadable(ValueError):
    """A request that is not what Euler takes; `like` is the shortest body that is refused by the same words.

    `known` is what could be read of it.
    """

    def __init__(self, message: str, like: bytes, known: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.like, self.known = like, known or {}


def parse(request: Request) -> Parsed:
    """Understand a request; what cannot be read is noted, and refused when it is answered."""
    path = unquote(request.path)
    path = path.removeprefix(SERVED_AT) if path.startswith(f"{SERVED_AT}/") else path
    shown = page_id(path)
    route, wanted = find(ROUTES, request.method, path)
    problem: str | None = None
    try:
        fields = fields_of(request)
    except Unreadable as unreadable:
        fields, problem = dict(unreadable.known), str(unreadable)
    fields = masked(fields)
    credential = _credential(request)
    ask = Ask(
        method=request.method,
        path=path,
        route=route,
        id=wanted,
        fields=fields,
        merchant=request.header("x-merchantid"),
        credential=credential,
        key=_key(route.op if route else None, wanted, fields),
        home=_home(request),
        is_page=shown is not None,
        problem=problem,
    )
    print_of = hashlib.sha256(
        json.dumps([ask.method, path, fields], sort_keys=True, default=str).encode()
    ).hexdigest()
    if shown is not None:
        return Parsed(None, None, print_of, None, other_ids=(shown,), is_open=True, payload=ask)
    order_id = _order_id(ask)
    currency, minor = _amount(fields)
    attempt = order_id_in(wanted)
    return Parsed(
        op=route.op if route else None,
        key=ask.key,
        fingerprint=print_of,
        credential=credential,
        hints=tuple(_hints(ask)),
        payment_id=reference_of(*attempt) if attempt is not None else None,
        other_ids=(order_id,) if order_id else (),
        amount_minor=minor,
        currency=currency,
        is_open=credential is None and route is not None and route.is_open,
        payload=ask,
    )


def fields_of(request: Request) -> dict[str, Any]:
    """Give what query and body say; raises Unreadable."""
    try:
        found: dict[str, Any] = _pairs(request.query)
    except ValueError as error:
        raise Unreadable("the query cannot be read", b"") from error
    if request.method != "POST" or not request.body:
        return found
    try:
        if is_json(request):
            return {**found, **_flat(object_of(request.body))}
        return {**found, **_pairs(request.body.decode(), errors="strict")}
    except Unreadable as unreadable:
        raise Unreadable(str(unreadable), unreadable.like, found) from unreadable
    except ValueError as error:
        raise Unreadable("the body cannot be read", b"%ff", found) from error


def _pairs(form: str, errors: str = "replace") -> dict[str, str]:
    return dict(parse_qsl(form, keep_blank_values=True, max_num_fields=_FIELDS_MAX, errors=errors))


def is_json(request: Request) -> bool:
    """Say whether a body says of itself that it is JSON; else it is a form."""
    kind = (request.header("Content-Type") or "").partition(";")[0].strip().lower()
    return kind == "application/json"


def object_of(body: bytes) -> dict[str, Any]:
    """Give the object that a body of JSON is, decimals as they are written; raises Unreadable."""
    try:
        found = json.loads(body, parse_float=str, parse_constant=_no_number)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Unreadable("the body cannot be read", b"{") from error
    if not isinstance(found, dict):
        raise Unreadable("the body is no JSON object", b"[]")
    return found


def _flat(body: Mapping[str, Any], start: str = "") -> dict[str, Any]:
    """Give the fields of JSON as a form would name them: `order.amount` is amount within order."""
    found: dict[str, Any] = {}
    for name, value in body.items():
        if isinstance(value, Mapping):
            # That there is an object shows, so that one in the place of a text is refused.
            found |= {f"{start}{name}": {}, **_flat(value, f"{start}{name}.")}
        else:
            found[f"{start}{name}"] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    # Null is no text either: whoever means to leave a field out does.
    return {} if value is None else str(value).lower() if isinstance(value, bool) else value


def _no_number(text: str) -> str:
    raise ValueError(f"{text} is no number in JSON")


def _credential(request: Request) -> str | None:
    scheme, _, rest = (request.header("Authorization") or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(rest.strip(), validate=True).decode().partition(":")[0] or None
    except (binascii.Error, UnicodeDecodeError):
        return None


def _home(request: Request) -> str | None:
    host = request.header("Host")
    return f"http://{host}{SERVED_AT}" if host else None


def _order_id(ask: Ask) -> str | None:
    attempt = order_id_in(ask.id)
    if attempt is not None:
        return attempt[0]
    named = (ask.id, *(ask.fields.get(name) for name in ("order.order_id", "order_id", "orderId")))
    return next((str(one) for one in named if one), None)


def _key(op: str | None, wanted: str, fields: Mapping[str, Any]) -> str | None:
    """Give what makes a request one that is carried out once: Euler has no header for it."""
    order_id = wanted or fields.get("order_id")
    if op == "create" and order_id:
        return f"order {str(order_id).lower()}"
    if op == "charge" and fields.get("order.order_id"):
        return f"order {str(fields['order.order_id']).lower()}"
    if op == "refund" and order_id and fields.get("unique_request_id"):
        return f"refund {str(order_id).lower()} {fields['unique_request_id']}"
    if op == "capture" and fields.get("idempotence_key"):
        return f"capture {wanted} {fields['idempotence_key']}"
    if op == "void":
        return f"void {wanted}"  # which can be done once
    return None


def _hints(ask: Ask) -> Iterator[str]:
    """Give every text in which a merchant may have written the number of an order of his own."""
    for name in (*_TEXTS, *(f"{_ORDER}{one}" for one in _TEXTS)):
        value = ask.fields.get(name)
        if isinstance(value, str) and value:
            yield value
    if ask.id:
        yield ask.id


def _amount(fields: Mapping[str, Any]) -> tuple[str | None, int | None]:
    start = _ORDER if f"{_ORDER}amount" in fields else ""
    currency, value = fields.get(f"{start}currency"), fields.get(f"{start}amount")
    if not isinstance(currency, str) or currency not in _CURRENCIES:
        return None, None
    try:
        return currency, to_minor(value, currency)
    except ValueError:
        return currency, None
