"""Requests as they may be written down: card data as the names of the test cards, and back again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from badgateway.ground.message import Request
from badgateway.ground.records import changed
from badgateway.providers.adyen.instruments import (
    CODES,
    NUMBERS,
    REAL,
    RIGHT,
    SECRET,
    WRONG,
    WRONG_CODE,
    bin_of,
    masked,
)
from badgateway.providers.adyen.parse import Unreadable, body_of

# What counts for what is asked; a credential is none of it.
_HEADERS = frozenset({"content-type", "host", "idempotency-key"})
_NAMES: Mapping[str, str] = {
    **{number: f"test_card_{n}" for n, number in enumerate(NUMBERS, 1)},
    REAL: "card_of_somebody",
    WRONG: "no_card",
}
_SHOWN: Mapping[str, str] = {
    **{name: number for number, name in _NAMES.items()},
    _NAMES[REAL]: "4000056655665556",  # a card number, and no test card of Adyen's
    _NAMES[WRONG]: "0",
    RIGHT: CODES[0],
    WRONG_CODE: "000",
}
_SEALED = "sealed"  # what a browser has encrypted, and nobody here could open
_METHOD = "paymentMethod"


def kept(request: Request) -> Request:
    """Give a request without card numbers, codes and credentials; what cannot be read keeps no body."""
    headers = tuple(pair for pair in request.headers if pair[0].lower() in _HEADERS)
    return changed(request, headers=headers, body=_hidden(request))


def recalled(request: Request, credential: str | None) -> Request:
    """Give a kept request as it came, with this credential; the numbers are those of the test cards."""
    headers = request.headers
    if credential is not None:
        headers = (*headers, ("X-API-Key", credential))
    try:
        found = body_of(request)
    except Unreadable:
        return changed(request, headers=headers)
    return changed(request, headers=headers, body=_changed(found, request.body, _show))


def _hidden(request: Request) -> bytes:
    try:
        found = body_of(request)
    except Unreadable as unreadable:
        return unreadable.like
    return _changed(found, request.body, _hide)


def _changed(found: dict[str, Any], body: bytes, change: Callable[[str, Any], Any]) -> bytes:
    """Change what is secret, and leave the body as it is where nothing is."""
    method = found.get(_METHOD)
    made = bin_of(found)
    if isinstance(method, Mapping):
        shown = {name: change(name, value) if name in SECRET else value for name, value in method.items()}
        made = {**made, _METHOD: shown}
    return body if made == found else json.dumps(made, ensure_ascii=False).encode()


def _hide(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        # Of another kind than text it is refused whatever it says; that it is of that kind is kept.
        return value if value is None or isinstance(value, bool) else type(value)()
    shown = masked({_METHOD: {name: value}})[_METHOD]
    told = shown.get("number") or shown.get("cvc") or _SEALED
    return _NAMES.get(told, told)


def _show(_name: str, value: Any) -> Any:
    return _SHOWN.get(value, value) if isinstance(value, str) else value
