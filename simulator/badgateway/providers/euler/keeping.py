"""Requests as they may be written down: card numbers as the names of the test cards, and back again."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from badgateway.ground.message import Request
from badgateway.ground.records import changed
from badgateway.providers.euler.instruments import NUMBERS, REAL, SECRET, WRONG, masked
from badgateway.providers.euler.parse import Unreadable, fields_of, is_json, object_of

# What counts for what is asked; a credential is none of it.
_HEADERS = frozenset({"content-type", "host", "x-merchantid"})
_NUMBER = "card_number"
_NAMES: Mapping[str, str] = {
    **{number: f"test_card_{n}" for n, number in enumerate(NUMBERS, 1)},
    REAL: "card_of_somebody",
    WRONG: "no_card",
}
_SHOWN: Mapping[str, str] = {
    **{name: number for number, name in _NAMES.items()},
    _NAMES[REAL]: "4000056655665556",  # a card number, and no test card of anybody's here
    _NAMES[WRONG]: "0",
}


def kept(request: Request) -> Request:
    """Give a request without card numbers, codes and credentials; what cannot be read keeps no body."""
    headers = tuple(pair for pair in request.headers if pair[0].lower() in _HEADERS)
    try:
        fields_of(request)
    except Unreadable as unreadable:
        return changed(request, headers=headers, query=_each(request.query, _hide), body=unreadable.like)
    query, body = _each(request.query, _hide), _body(request, _hide)
    return changed(request, headers=headers, query=query, body=body)


def recalled(request: Request, credential: str | None) -> Request:
    """Give a kept request as it came, with this credential; the numbers are those of the test cards."""
    headers = request.headers
    if credential is not None:
        pair = base64.b64encode(f"{credential}:".encode()).decode()
        headers = (*headers, ("Authorization", f"Basic {pair}"))
    try:
        fields_of(request)
    except Unreadable:
        return changed(request, headers=headers, query=_each(request.query, _show))
    return changed(request, headers=headers, query=_each(request.query, _show), body=_body(request, _show))


def _body(request: Request, change: Callable[[str, Any], Any]) -> bytes:
    if request.method != "POST" or not request.body:
        return b""
    if not is_json(request):
        return _each(request.body.decode(), change).encode()
    found = object_of(request.body)
    made = {name: change(name, value) if name in SECRET else value for name, value in found.items()}
    return request.body if made == found else json.dumps(made, ensure_ascii=False).encode()


def _each(form: str, change: Callable[[str, Any], Any]) -> str:
    """Change the secret pairs of a form, and leave every other byte of it as it is."""
    pairs = []
    for pair in form.split("&"):
        name, _, value = pair.partition("=")
        known = unquote_plus(name)
        text = change(known, unquote_plus(value)) if known in SECRET else None
        pairs.append(pair if text is None else f"{known}={quote_plus(text)}")
    return "&".join(pairs)


def _hide(name: str, value: Any) -> Any:
    if isinstance(value, Mapping | list) or value is None:
        return value  # refused for what it is, whatever it says
    shown = str(masked({name: value}).get(_NUMBER, ""))
    return _NAMES.get(shown, shown)


def _show(_name: str, value: Any) -> Any:
    return _SHOWN.get(value, value) if isinstance(value, str) else value
