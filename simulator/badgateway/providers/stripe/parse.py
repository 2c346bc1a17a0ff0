"""From an HTTP request to what it asks, without looking at any account."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from badgateway.ground.message import Request
from badgateway.ground.money import currencies
from badgateway.providers.base import Parsed
from badgateway.providers.stripe.amount_details import breakdown_minor
from badgateway.providers.stripe.call import Ask
from badgateway.providers.stripe.charge_object import PREFIX
from badgateway.providers.stripe.forms import UnreadableForm, decode, decode_json, flatten
from badgateway.providers.stripe.hints import hints
from badgateway.providers.stripe.methods import masked
from badgateway.providers.stripe.pages import is_page
from badgateway.providers.stripe.params import TRUE
from badgateway.providers.stripe.routes import find
from badgateway.providers.stripe.units import to_minor

KEY_LENGTH_MAX = 255
FORM = "application/x-www-form-urlencoded"
_NO_FORMS = {"application/json": "JSON", "multipart/form-data": "in parts: no address here takes a file"}
_ON_BEHALF = ("stripe-account", "stripe-context")
_CURRENCIES = frozenset(currencies())


def parse(request: Request) -> Parsed:
    """Understand a request; what cannot be read is noted, and refused when it is answered."""
    path = unquote(request.path) if "%" in request.path else request.path
    method = request.method
    route, wanted = find(method, path)
    # Asked for often: the first value of each name, whatever its case.
    headers = {name.lower(): value for name, value in reversed(request.headers)}
    params, problem = _params(request, headers)
    key = (headers.get("idempotency-key") or None) if method == "POST" else None
    if key is not None and len(key) > KEY_LENGTH_MAX:
        problem, key = f"An idempotency key has at most {KEY_LENGTH_MAX} characters.", None
    credential = _credential(headers.get("authorization") or "")
    ask = Ask(
        method=method,
        path=path,
        route=route,
        id=wanted,
        params=params,
        version=headers.get("stripe-version") or "",
        key=key,
        credential=credential,
        on_behalf=tuple([headers[name] for name in _ON_BEHALF if name in headers]),
        home=f"http://{host}" if (host := headers.get("host")) else None,
        is_page=is_page(path),
        problem=problem,
    )
    if ask.is_page:
        shown = (_text(params, "payment_intent"), _text(params, "setup_intent"), path.rpartition("/")[2])
        ids = tuple([one for one in shown if one])
        return Parsed(None, None, _fingerprint(ask), None, other_ids=ids, is_open=True, payload=ask)
    op = route.op if route else None
    if op == "create" and params.get("confirm") in TRUE:
        op = "charge"
    # An address that is not simulated names nothing.
    collection = route.collection if route and wanted else ""
    payment_id = wanted if collection == "payment_intents" else None
    refund_id = wanted if collection == "refunds" else None
    other = None if payment_id or refund_id else wanted
    if not params:
        others = _with_attempts(other)
        return Parsed(op, key, _fingerprint(ask), credential, (), payment_id, refund_id, others, payload=ask)
    currency = _currency(params)
    return Parsed(
        op=op,
        key=key,
        fingerprint=_fingerprint(ask),
        credential=credential,
        hints=hints(params),
        payment_id=payment_id or _text(params, "payment_intent"),
        refund_id=refund_id,
        other_ids=_with_attempts(other, _text(params, "charge"), _text(params, "customer")),
        amount_minor=_amount(params, currency),
        currency=currency,
        breakdown_minor=breakdown_minor(params, currency) if "amount_details" in params else None,
        payload=ask,
    )


def _params(request: Request, headers: Mapping[str, str]) -> tuple[dict[str, Any], str | None]:
    try:
        params = decode(request.query)
        if request.method == "POST" and request.body:
            kind = headers.get("content-type", "")
            if kind != FORM:
                kind = kind.partition(";")[0].strip().lower()
            is_json = kind == "application/json"
            if request.path.startswith("/v2/"):
                if not is_json:
                    return {}, "Parameters of version 2 are JSON (application/json), not a form."
                return masked(params | decode_json(request.body.decode())), None
            if kind in _NO_FORMS:
                return {}, f"Parameters are form-encoded ({FORM}), not {_NO_FORMS[kind]}."
            params |= decode(request.body.decode())
    except UnicodeDecodeError:
        return {}, "The body is not UTF-8."
    except UnreadableForm as problem:
        return {}, f"Invalid request: {problem}."
    return masked(params) if params else params, None


def _credential(said: str) -> str | None:
    scheme, _, rest = said.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip() or None
    if scheme.lower() != "basic":
        return None
    try:
        user = base64.b64decode(rest.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return None
    return user or None


def _fingerprint(ask: Ask) -> str:
    pairs = flatten(ask.params) if ask.params else ()
    text = "\x1e".join([ask.method, ask.path, *["\x1f".join(pair) for pair in pairs]])
    return hashlib.sha256(text.encode()).hexdigest()


def _text(params: dict[str, Any], name: str) -> str | None:
    value = params.get(name)
    return value if isinstance(value, str) and value else None


def _with_attempts(*named: str | None) -> tuple[str, ...]:
    """Give the ids that are named, and those of charges once more: the book knows attempts by a bare id."""
    ids = [one for one in named if one]
    return (*ids, *[one.removeprefix(PREFIX) for one in ids if one.startswith(PREFIX)])


def _currency(params: dict[str, Any]) -> str | None:
    code = (_text(params, "currency") or "").upper()
    return code if code in _CURRENCIES else None


def _amount(params: dict[str, Any], currency: str | None) -> int | None:
    text = _text(params, "amount") or _text(params, "amount_to_capture") or ""
    if not text.isdecimal() or len(text) > 15:
        return None
    try:
        return to_minor(int(text), currency or "")
    except ValueError:
        return None
