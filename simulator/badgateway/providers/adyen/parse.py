"""From an HTTP request to what it asks, without looking at any account."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from badgateway.ground.message import Request
from badgateway.ground.money import currencies
from badgateway.providers.addresses import find
from badgateway.providers.adyen.call import Ask
from badgateway.providers.adyen.hints import hints
from badgateway.providers.adyen.instruments import masked
from badgateway.providers.adyen.pages import SERVED_AT, is_page
from badgateway.providers.adyen.routes import ROUTES
from badgateway.providers.adyen.shapes import problem_of
from badgateway.providers.adyen.units import to_minor
from badgateway.providers.base import Parsed

KEY_LENGTH_MAX = 64
_CURRENCIES = frozenset(currencies())
# The test host has the version as the first segment, a live one has `checkout` before it.
_PREFIX = re.compile(r"^/(checkout/)?v[0-9]{1,3}(?=/)")


class Unreadable(ValueError):
    """A body that is not what Adyen takes; `like` is the shortest that is refused by the same words."""

    def __init__(self, message: str, like: bytes) -> None:
        super().__init__(message)
        self.like = like


def parse(request: Request) -> Parsed:
    """Understand a request; what cannot be read is noted, and refused when it is answered."""
    path = unquote(request.path)
    plain = _PREFIX.sub("", path)
    route, wanted = find(ROUTES, request.method, plain)
    query = dict(parse_qsl(request.query, keep_blank_values=True))
    is_shown = is_page(path)
    body: dict[str, Any] = {}
    problem: str | None = None
    try:
        body = {} if is_shown else body_of(request)
    except Unreadable as unreadable:
        problem = str(unreadable)
    key = (request.header("Idempotency-Key") or None) if request.method == "POST" else None
    if problem is None and route is not None:
        # Before card data is replaced, so that a number of the wrong kind is seen.
        problem = problem_of(route.pattern, body)
    if key is not None and len(key) > KEY_LENGTH_MAX:
        problem, key = f"An idempotency key has at most {KEY_LENGTH_MAX} characters", None
    ask = Ask(
        method=request.method,
        path=plain,
        route=route,
        id=wanted,
        body=masked(body),
        query=query,
        key=key,
        credential=_credential(request),
        home=_home(request),
        is_page=is_shown,
        problem=problem,
    )
    redirected = _redirected(ask)
    if is_shown:
        ids = (redirected,) if redirected else ()
        return Parsed(None, None, _fingerprint(ask), None, other_ids=ids, is_open=True, payload=ask)
    currency, minor = _amount(body)
    is_payment = plain.startswith("/payments/")
    return Parsed(
        op=route.op if route else None,
        key=key,
        fingerprint=_fingerprint(ask),
        credential=ask.credential,
        hints=tuple(hints(body)),
        payment_id=redirected or (wanted if is_payment and wanted else None),
        other_ids=(wanted,) if wanted and not is_payment else (),
        amount_minor=minor,
        currency=currency,
        payload=ask,
    )


def body_of(request: Request) -> dict[str, Any]:
    """Give the object that a request sends; raises Unreadable."""
    if request.method not in {"POST", "PATCH"}:
        return {}
    try:
        found = json.loads(request.body or b"", parse_float=_number, parse_constant=_no_number)
        # Half of a surrogate pair is JSON, but no text that an answer could repeat.
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Unreadable("Unexpected input: the body is no JSON", b"{") from error
    if not isinstance(found, dict):
        raise Unreadable("Unexpected input: the body is no JSON object", b"[]")
    return found


def _number(text: str) -> int | float:
    """Read 5.0 as 5, which it is in JSON."""
    value = float(text)
    return int(value) if value.is_integer() else value


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number in JSON")


def _credential(request: Request) -> str | None:
    key = request.header("X-API-Key")
    if key:
        return key.strip()
    scheme, _, rest = (request.header("Authorization") or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        # The password of a web service user is as good as its API key.
        return base64.b64decode(rest.strip(), validate=True).decode().partition(":")[2] or None
    except (binascii.Error, UnicodeDecodeError):
        return None


def _home(request: Request) -> str | None:
    host = request.header("Host")
    return f"http://{host}{SERVED_AT}" if host else None


def _redirected(ask: Ask) -> str | None:
    """Give the payment of a redirect: its token begins with the pspReference."""
    details = ask.body.get("details")
    told = details.get("redirectResult") if isinstance(details, Mapping) else ask.query.get("MD")
    return told[:16] if isinstance(told, str) and len(told) > 16 else None


def _fingerprint(ask: Ask) -> str:
    text = json.dumps([ask.method, ask.path, ask.body, ask.query], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _amount(body: Mapping[str, Any]) -> tuple[str | None, int | None]:
    amount = body.get("amount")
    if not isinstance(amount, Mapping):
        return None, None
    currency, value = amount.get("currency"), amount.get("value")
    code = currency if isinstance(currency, str) and currency in _CURRENCIES else None
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 10**15:
        return code, None
    try:
        return code, to_minor(value, code or "")
    except ValueError:
        return code, None
