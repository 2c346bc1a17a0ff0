"""Requests as they may be written down: without card numbers, codes and credentials, and back again."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from badgateway.ground.message import Request
from badgateway.ground.records import changed
from badgateway.providers.declared import challenge
from badgateway.providers.declared.hiding import hidden, revealed
from badgateway.providers.declared.model import Spec
from badgateway.providers.declared.places import Unreadable, body_of, written
from badgateway.providers.declared.request import shown_user, user_of

_ALWAYS = frozenset({"content-type", "host"})
_HEADER = "header:"
_UNREADABLE = b"\xff"
_SOMEBODY = "somebody"  # a user whom the account does not have


def kept(request: Request, spec: Spec) -> Request:
    """Give a request without secrets; what cannot be read keeps no body."""
    if challenge.visit(request, spec) is not None:
        return challenge.kept(request)
    known = _ALWAYS | {name.lower() for name in _headers(spec)}
    credentials = {way.header.lower() for way in spec.authentication}
    headers = tuple(pair for pair in request.headers if pair[0].lower() in known - credentials)
    user = shown_user(request, spec)
    if user is not None and not user[1]:
        headers = (*headers, _basic(spec, _SOMEBODY, ""))
    try:
        found = body_of(request, is_form=spec.is_form)
    except Unreadable:
        return changed(request, headers=headers, body=_UNREADABLE)
    return changed(request, headers=headers, body=_body(request, found, hidden(found, spec), spec))


def recalled(request: Request, credential: str | None, spec: Spec) -> Request:
    """Give a kept request as it came, with this credential."""
    if challenge.visit(request, spec) is not None:
        return request
    user = shown_user(request, spec)
    headers = request.headers
    if credential is not None:
        ways = {way.header.lower() for way in spec.authentication}
        headers = tuple(pair for pair in headers if pair[0].lower() not in ways)
        shown = _shown(spec, credential) if user is None else _basic(spec, user[0], credential)
        headers = (*headers, shown)
    try:
        found = body_of(request, is_form=spec.is_form)
    except Unreadable:
        return changed(request, headers=headers)
    return changed(request, headers=headers, body=_body(request, found, revealed(found, spec), spec))


def _body(request: Request, found: Any, told: Any, spec: Spec) -> bytes:
    return request.body if told == found else written(told, is_form=spec.is_form)


def _headers(spec: Spec) -> Iterator[str]:
    """Give the headers in which a request says something."""
    places = [*spec.hints, *spec.remembers.values()]
    for route in spec.routes:
        places += [place or "" for read in route.reads.values() for place in (read.at, read.otherwise)]
        yield route.key.header or ""
    yield from (place.removeprefix(_HEADER) for place in places if place.startswith(_HEADER))


def _shown(spec: Spec, credential: str) -> tuple[str, str]:
    way = spec.authentication[0]
    if way.scheme == "header":
        return way.header, f"{way.prefix}{credential}"
    if way.scheme == "bearer":
        return way.header, f"Bearer {credential}"
    if way.key == "user":
        return _basic(spec, credential, "")
    return _basic(spec, user_of(credential), credential)


def _basic(spec: Spec, user: str, password: str) -> tuple[str, str]:
    way = next(one for one in spec.authentication if one.scheme == "basic")
    return way.header, f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"
