"""From an HTTP request to what it asks of a declared provider, without looking at any account."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from msgspec import Struct

from badgateway.ground.message import Request
from badgateway.ground.money import currencies
from badgateway.providers.base import Parsed
from badgateway.providers.declared.amounts import from_wire
from badgateway.providers.declared.hiding import hidden
from badgateway.providers.declared.model import Authentication, KeyPlace, Read, Route, Spec
from badgateway.providers.declared.places import Unreadable, body_of, find

CHANGING = ("create", "charge", "capture", "void", "refund")
_CURRENCIES = frozenset(currencies())


class Ask(Struct, frozen=True):
    """One request as it was understood; `problem` is a word of fields.ERRORS, a sentence and a parameter."""

    route: Route | None = None
    named: Mapping[str, str] = {}  # kind of object -> id in the path
    said: Mapping[str, Any] = {}  # what `reads` found, raw
    remembered: Mapping[str, Any] = {}
    credential: str | None = None
    is_user_known: bool = True
    problem: tuple[str, str, str | None] | None = None
    home: str = ""


def user_of(api_key: str) -> str:
    """Give the user name that goes with an API key, where a provider wants both."""
    return f"acct_{hashlib.sha256(api_key.encode()).hexdigest()[:14]}"


def parse(request: Request, spec: Spec) -> Parsed:
    """Understand a request; what cannot be read is noted, and refused when it is answered."""
    path = unquote(request.path)
    route, named = _find_route(request.method, path, spec)
    body, problem = _body(request, spec, route)
    credential, is_user_known = _credential(request, spec)
    said = {name: _said(read, request, body) for name, read in (route.reads if route else {}).items()}
    key = _key(request, body, route)
    if problem is None and route is not None:
        problem = _key_problem(key, route.key)
    ask = Ask(
        route=route,
        named=named,
        said=said,
        remembered={name: find(at, request, body) for name, at in spec.remembers.items()},
        credential=credential,
        is_user_known=is_user_known,
        problem=problem,
        home=home_of(request, spec),
    )
    currency = _currency(said)
    ids = dict(_ids(named, said, spec))
    return Parsed(
        op=_op(route),
        key=None if problem is not None else key,
        fingerprint=_fingerprint(request.method, path, body, spec),
        credential=credential,
        hints=tuple(_hints(request, body, said, spec)),
        payment_id=ids.pop("payment", None),
        refund_id=ids.pop("refund", None),
        other_ids=tuple(ids.values()),
        amount_minor=_amount(said.get("amount"), currency, spec),
        currency=currency,
        is_open=route is not None and route.is_open,
        payload=ask,
    )


def home_of(request: Request, spec: Spec) -> str:
    """Give the address under which a request found the provider."""
    return f"http://{request.header('Host') or 'localhost'}/{spec.name}"


def named_in(path: str, steps: tuple[str, ...]) -> dict[str, str] | None:
    """Give the ids that a path names by their kinds; None where the path has not these steps."""
    parts = path.strip("/").split("/")
    if len(steps) != len(parts):
        return None
    named = {}
    for step, part in zip(steps, parts, strict=True):
        if step.startswith("{") and part:
            named[step[1:-1]] = part
        elif step != part:
            return None
    return named


def attempt_id(wire: str, spec: Spec) -> str:
    """Give the book's id of an attempt, which has no prefix."""
    return wire.removeprefix(spec.prefix("attempt"))


def _op(route: Route | None) -> str | None:
    return None if route is None or route.does == "answer" else route.does


def _find_route(method: str, path: str, spec: Spec) -> tuple[Route | None, dict[str, str]]:
    # An address that is written out comes before one with a placeholder at the same place.
    for route in sorted(spec.routes, key=lambda one: len(one.names)):
        named = named_in(path, route.steps) if route.method == method else None
        if named is not None:
            return route, named
    return None, {}


def _body(
    request: Request, spec: Spec, route: Route | None
) -> tuple[dict[str, Any], tuple[str, str, str | None] | None]:
    if request.method == "GET" or route is None or route.does == "answer":
        return {}, None
    try:
        return body_of(request, is_form=spec.is_form), None
    except Unreadable as error:
        return {}, ("unreadable", f"{error}.", None)


def _said(read: Read, request: Request, body: Any) -> Any:
    places = (place for place in (read.at, read.otherwise) if place)
    told = (find(place, request, body) for place in places)
    found = next((one for one in told if one is not None and one != ""), None)
    return read.default if found is None else found


def shown_user(request: Request, spec: Spec) -> tuple[str, bool] | None:
    """Give the user beside a request's API key, and whether the key is that user's; None: it shows none."""
    user, key = _found(request, spec)
    return (
        (user, hmac.compare_digest(user.encode(), user_of(key or "").encode())) if user is not None else None
    )


def _credential(request: Request, spec: Spec) -> tuple[str | None, bool]:
    user = shown_user(request, spec)
    return _found(request, spec)[1], user is None or user[1]


def _found(request: Request, spec: Spec) -> tuple[str | None, str | None]:
    shown = (_shown(request.header(way.header) or "", way) for way in spec.authentication)
    return next((one for one in shown if one is not None), (None, None))


def _shown(text: str, way: Authentication) -> tuple[str | None, str] | None:
    if way.scheme == "header":
        key = text.removeprefix(way.prefix).strip() if text.startswith(way.prefix) else ""
        return (None, key) if key else None
    scheme, _, rest = text.partition(" ")
    if scheme.lower() != way.scheme or not rest.strip():
        return None
    if way.scheme == "bearer":
        return None, rest.strip()
    try:
        user, _, password = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (None, user) if way.key == "user" else (user, password)


def _key(request: Request, body: Any, route: Route | None) -> str | None:
    if route is None:
        return None
    place = route.key
    found = (
        request.header(place.header)
        if place.header
        else find(place.body, request, body)
        if place.body
        else None
    )
    return str(found) if isinstance(found, str | int) and found != "" else None


def _key_problem(key: str | None, place: KeyPlace) -> tuple[str, str, str | None] | None:
    name = place.header or place.body
    if key is None:
        return ("key_missing", f"{name} is missing.", name) if place.is_required else None
    if place.shortest <= len(key) <= place.longest:
        return None
    return "invalid", f"{name} has {place.shortest} to {place.longest} characters.", name


def _fingerprint(method: str, path: str, body: Mapping[str, Any], spec: Spec) -> str:
    # Of hidden numbers, so that a request that was written down is the same as the one that came.
    told = "" if spec.is_replayed_whatever else json.dumps(hidden(body, spec), sort_keys=True)
    return hashlib.sha256(f"{method}\x1e{path}\x1e{told}".encode("utf-8", "surrogatepass")).hexdigest()


def _hints(request: Request, body: Any, said: Mapping[str, Any], spec: Spec) -> Iterator[str]:
    found = [said.get("reference"), *(find(at, request, body) for at in spec.hints)]
    yield from (str(one) for one in found if isinstance(one, str | int) and one != "")


def _currency(said: Mapping[str, Any]) -> str | None:
    code = str(said.get("currency") or "").upper()
    return code if code in _CURRENCIES else None


def _amount(said: Any, currency: str | None, spec: Spec) -> int | None:
    if said is None or (currency is None and (spec.is_decimal or spec.exponents)):
        return None
    try:
        return from_wire(said, currency or "EUR", spec)
    except ValueError:
        return None


def _ids(named: Mapping[str, str], said: Mapping[str, Any], spec: Spec) -> Iterator[tuple[str, str]]:
    if isinstance(said.get("payment"), str):
        yield from known_as("payment", said["payment"], spec)
    for kind, wire in named.items():
        yield from known_as(kind, wire, spec)


def known_as(kind: str, wire: str, spec: Spec) -> Iterator[tuple[str, str]]:
    """Give what the book calls an object of this id, and its id there; nothing where it is no such id."""
    if kind in {"payment", "refund", "dispute"}:
        yield kind, wire
    elif kind == "attempt":
        yield kind, attempt_id(wire, spec)
    elif wire.startswith(spec.prefix(kind)):
        # An object that the book does not know is spelled after its payment.
        yield "payment", spec.prefix("payment") + wire.removeprefix(spec.prefix(kind))
