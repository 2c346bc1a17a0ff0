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
    route, wanted = find(request.method, path)
    # Asked for often: the first value of each name, whatever its case.
    headers = {name.lower(): value for name, value in reversed(request.headers)}
    params, problem = _params(request, headers)
    key = (headers.get("idempotency-key") or None) if request.method == "POST" else None
    if key is not None and len(key) > KEY_LENGTH_MAX:
        problem, key = f"An idempotency key has at most {KEY_LENGTH_MAX} characters.", None
    ask = Ask(
        method=request.method,
        path=path,
        route=route,
        id=wanted,
        params=params,
        version=headers.get("stripe-version") or "",
        key=key,
        credential=_credential(headers.get("authorization") or ""),
        on_behalf=tuple(headers[name] for name in _ON_BEHALF if name in headers),
        home=f"http://{host}" if (host := headers.get("host")) else None,
        is_page=is_page(path),
        problem=problem,
    )
    if ask.is_page:
        named = (_text(params, "payment_intent"), _text(params, "setup_intent"), path.rpartition("/")[2])
        ids = tuple(one for one in named if one)
        return Parsed(None, None, _fingerprint(ask), None, other_ids=ids, is_open=True, payload=ask)
    op = route.op if route else None
    if op == "create" and params.get("confirm") in TRUE:
        op = "charge"
    kind = path.strip("/").split("/")[1:2]
    currency = _currency(params)
    return Parsed(
        op=op,
        key=key,
        fingerprint=_fingerprint(ask),
        credential=ask.credential,
        hints=hints(params),
        payment_id=wanted if kind == ["payment_intents"] and wanted else _text(params, "payment_intent"),
        refund_id=wanted if kind == ["refunds"] and wanted else None,
        other_ids=_others(kind, wanted, params),
        amount_minor=_amount(params, currency),
        currency=currency,
        breakdown_minor=breakdown_minor(params, currency),
        payload=ask,
    )


def _params(request: Request, headers: Mapping[str, str]) -> tuple[dict[str, Any], str | None]:
    try:
        params = decode(request.query)
        if request.method == "POST" and request.body:
            kind = headers.get("content-type", "").partition(";")[0].strip().lower()
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
    return masked(params), None


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
    pairs = sorted(flatten(dict(ask.params)))
    text = "\x1e".join([ask.method, ask.path, *(f"{name}\x1f{value}" for name, value in pairs)])
    return hashlib.sha256(text.encode()).hexdigest()


def _text(params: dict[str, Any], name: str) -> str | None:
    value = params.get(name)
    return value if isinstance(value, str) and value else None


def _others(kind: list[str], wanted: str, params: dict[str, Any]) -> tuple[str, ...]:
    ids = [wanted] if wanted and kind not in (["payment_intents"], ["refunds"]) else []
    ids += [text for name in ("charge", "customer") if (text := _text(params, name))]
    # A charge is known to the book as an attempt, by its bare id.
    return (*ids, *(one.removeprefix(PREFIX) for one in ids if one.startswith(PREFIX)))


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
