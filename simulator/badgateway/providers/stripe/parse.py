"""From an HTTP request to what it asks, without looking at any account."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from badgateway.ground.message import Request
from badgateway.ground.money import currencies
from badgateway.providers.base import Parsed
from badgateway.providers.stripe.amount_details import breakdown_minor
from badgateway.providers.stripe.call import API_VERSION, Ask
from badgateway.providers.stripe.charge_object import PREFIX
from badgateway.providers.stripe.forms import UnreadableForm, decode, decode_json, hashed
from badgateway.providers.stripe.hints import hints
from badgateway.providers.stripe.methods import masked
from badgateway.providers.stripe.outline import read
from badgateway.providers.stripe.pages import is_page
from badgateway.providers.stripe.params import TRUE
from badgateway.providers.stripe.routes import find
from badgateway.providers.stripe.units import UNEVEN, to_minor

KEY_LENGTH_MAX = 255
FORM = "application/x-www-form-urlencoded"
_NO_FORMS = {"application/json": "JSON", "multipart/form-data": "in parts: no address here takes a file"}
_IDS = frozenset({"payment_intent", "charge", "customer"})
_ON_BEHALF = ("stripe-account", "stripe-context")
_ANY_ON_BEHALF = frozenset(_ON_BEHALF)
_CURRENCIES = frozenset(currencies())
_CREDENTIALS_MAX = 256  # headers that are kept once they were read: clients send the same one all the time


def parse(request: Request) -> Parsed:
    """Understand a request; what cannot be read is noted, and refused when it is answered."""
    ask, flat = _asked(request)
    params, route, wanted = ask.params, ask.route, ask.id
    fingerprint = hashlib.sha256(f"{ask.method}\x1e{ask.path}{flat}".encode()).hexdigest()
    if ask.is_page:
        return Parsed(None, None, fingerprint, None, other_ids=_of_page(ask), is_open=True, payload=ask)
    op = route.op if route else None
    # An address that is not simulated names nothing.
    collection = route.collection if route and wanted else ""
    payment_id = wanted if collection == "payment_intents" else None
    refund_id = wanted if collection == "refunds" else None
    other = None if payment_id or refund_id else wanted
    others = _with_attempts(other) if other else ()
    if not params:
        return Parsed(
            op, ask.key, fingerprint, ask.credential, (), payment_id, refund_id, others, payload=ask
        )
    if op == "create" and params.get("confirm") in TRUE:
        op = "charge"
    if not _IDS.isdisjoint(params):
        payment_id = payment_id or _text(params, "payment_intent")
        others = _with_attempts(other, _text(params, "charge"), _text(params, "customer"))
    amount_minor, currency = _money(params)
    return Parsed(
        op,
        ask.key,
        fingerprint,
        ask.credential,
        ask.hints,
        payment_id,
        refund_id,
        others,
        amount_minor,
        currency,
        breakdown_minor(params, currency) if "amount_details" in params else None,
        payload=ask,
    )


def _asked(request: Request) -> tuple[Ask, str]:
    """Give a request as it was read, and its parameters as a fingerprint reads them."""
    path = unquote(request.path) if "%" in request.path else request.path
    method = request.method
    route, wanted = find(method, path)
    # Asked for often: the first value of each name, whatever its case.
    headers = {name.lower(): value for name, value in reversed(request.headers)}
    params, flat, hinted, problem = _params(request, headers)
    key = (headers.get("idempotency-key") or None) if method == "POST" else None
    if key is not None and len(key) > KEY_LENGTH_MAX:
        problem, key = f"An idempotency key has at most {KEY_LENGTH_MAX} characters.", None
    version, host = headers.get("stripe-version"), headers.get("host")
    # In the order of the fields: naming so many takes longer than making the record.
    ask = Ask(
        method,
        path,
        route,
        wanted,
        params,
        version or API_VERSION,
        key,
        _credential(headers.get("authorization") or ""),
        () if _ANY_ON_BEHALF.isdisjoint(headers) else _on_behalf(headers),
        f"http://{host}" if host else None,
        route is None and is_page(path),
        problem,
        names_version=bool(version),
        hints=hinted,
    )
    return ask, flat


def _of_page(ask: Ask) -> tuple[str, ...]:
    """Give the ids that may be meant by the address of a page."""
    named = [ask.params.get("payment_intent"), ask.params.get("setup_intent"), ask.path.rpartition("/")[2]]
    return tuple([one for one in named if isinstance(one, str) and one])


def _params(
    request: Request, headers: Mapping[str, str]
) -> tuple[dict[str, Any], str, tuple[str, ...], str | None]:
    """Give the parameters without their secrets, as a fingerprint reads them, hints, and what is wrong."""
    try:
        if request.method != "POST" or not request.body:
            return (*read(request.query), None) if request.query else ({}, "", (), None)
        kind, is_second = headers.get("content-type", ""), request.path.startswith("/v2/")
        if is_second or kind != FORM:
            problem = _wrong_kind(kind.partition(";")[0].strip().lower(), is_second=is_second)
            if problem is not None:
                decode(request.query)  # which is looked at first
                return {}, "", (), problem
        if not request.query and not is_second:
            return *read(request.body.decode()), None
        decode_body = decode_json if is_second else decode
        params = masked(decode(request.query) | decode_body(request.body.decode()))
    except UnicodeDecodeError:
        return {}, "", (), "The body is not UTF-8."
    except UnreadableForm as why:
        return {}, "", (), f"Invalid request: {why}."
    return params, hashed(params), hints(params), None


def _wrong_kind(kind: str, *, is_second: bool) -> str | None:
    """Say what is wrong with a body of this kind in version 2 of the API, or in the first."""
    if is_second and kind != "application/json":
        return "Parameters of version 2 are JSON (application/json), not a form."
    if not is_second and kind in _NO_FORMS:
        return f"Parameters are form-encoded ({FORM}), not {_NO_FORMS[kind]}."
    return None


def _on_behalf(headers: Mapping[str, str]) -> tuple[str, ...]:
    return tuple([headers[name] for name in _ON_BEHALF if name in headers])


@lru_cache(maxsize=_CREDENTIALS_MAX)
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


def _text(params: Mapping[str, Any], name: str) -> str | None:
    value = params.get(name)
    return value if isinstance(value, str) and value else None


def _with_attempts(*named: str | None) -> tuple[str, ...]:
    """Give the ids that are named, and those of charges once more: the book knows attempts by a bare id."""
    ids = [one for one in named if one]
    return (*ids, *[one.removeprefix(PREFIX) for one in ids if one.startswith(PREFIX)])


def _money(params: Mapping[str, Any]) -> tuple[int | None, str | None]:
    """Give an amount in minor units and its currency, each as far as it can be read."""
    named = params.get("currency")
    code = named.upper() if isinstance(named, str) else None
    currency = code if code in _CURRENCIES else None
    text = params.get("amount")
    if not text or not isinstance(text, str):
        text = _text(params, "amount_to_capture") or ""
    if not text.isdecimal() or len(text) > 15:
        return None, currency
    if currency not in UNEVEN:
        return int(text), currency
    try:
        return to_minor(int(text), currency), currency
    except ValueError:
        return None, currency
