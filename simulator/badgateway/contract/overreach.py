"""What a pact asks for that an OpenAPI document does not promise: the pact and the document alone decide."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from badgateway.contract.breach import NOTHING, Breach
from badgateway.contract.difference import (
    ASKS,
    LACKS,
    SENDS,
    Difference,
    of_answer,
    of_request,
    pointer_of,
    unique,
)
from badgateway.contract.document import Contract, Operation
from badgateway.contract.loosened import loosened
from badgateway.contract.matchers import FRACTIONAL, WHOLE, with_fractions
from badgateway.contract.media import is_json, key_of, media_of
from badgateway.contract.pact import HTTP, IS_OLD, MESSAGE
from badgateway.contract.parameters import parameter_breaches
from badgateway.contract.settled import settled
from badgateway.ground.message import Reply, Request

_TYPE = "content-type"
# What travels with every message or answer, and needs no promise.
_USUAL = frozenset({_TYPE, "contenttype", "content-length", "date"})
_FORM = "application/x-www-form-urlencoded"
_REFUSED_MIN = 400
_KNOWN_MAX = 300  # letters
_AUTHORIZATION = ("request", "headers", "Authorization")


class Overreach:
    """One document, held against interactions of pacts."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        # A pact names what it reads: what it leaves out is not missing, what is not promised is not there.
        self._promised = Contract(contract.name, loosened(contract.document))

    def of(self, interaction: Mapping[str, Any]) -> tuple[str, ...]:
        """Say what of an interaction the document does not promise; empty: it promises all of it."""
        return tuple(str(one) for one in self.differences(interaction) or ())

    def differences(self, interaction: Mapping[str, Any]) -> tuple[Difference, ...] | None:
        """Give what of an interaction the document does not promise; None: it is of a kind not compared."""
        kind = interaction.get("type", HTTP)
        if kind == MESSAGE:
            return unique(self._of_message(interaction))
        return unique(self._of_call(interaction)) if kind == HTTP else None

    def _of_call(self, interaction: Mapping[str, Any]) -> Iterator[Difference]:
        request = _request(interaction["request"])
        operation = self._contract.operation(request)
        if operation is None:
            said = f"no {request.method} {request.path} in {self._contract.name}"
            other = self._contract.methods(request.path)
            said = f"{said}, which has {', '.join(other)} there" if other else said
            yield Difference("/request/path", f"{request.method} {request.path}", said, LACKS)
            return
        # Who expects a refusal may send what is refused.
        if int(interaction["response"].get("status", 200)) < _REFUSED_MIN:
            yield from self._of_request(operation, request, interaction)
        yield from self._of_answer(operation, interaction)

    def _of_request(
        self, operation: Operation, request: Request, interaction: Mapping[str, Any]
    ) -> Iterator[Difference]:
        asked, inside = interaction["request"], _inside(interaction)
        found = (
            *parameter_breaches(self._contract, operation, request),
            *self._contract.request_breaches(operation, request),
        )
        for one in found:
            yield of_request(one, _place(one, inside), is_text=one.part == "body" and _is_text(asked))
        body = (asked.get("body") or {}).get("content")
        if found or _media(asked) == _FORM or not is_json(_media(asked)):
            return
        for path, kind, other in with_fractions(_rules(asked), body, FRACTIONAL):
            sent = Request(request.method, request.path, request.query, request.headers, _json(other))
            for one in self._contract.request_breaches(operation, sent):
                has = f"any number (matcher {kind})"
                yield Difference(pointer_of("request", "body", *inside, *path), has, one.says, SENDS)

    def _of_answer(self, operation: Operation, interaction: Mapping[str, Any]) -> Iterator[Difference]:
        response = interaction["response"]
        status, media = int(response.get("status", 200)), _media(response)
        body = _body(response)
        if not self._contract.has_status(operation, status):
            (one,) = self._contract.reply_breaches(operation, Reply(status, b""))
            yield of_answer(one, ("response", "status"))
            return
        if body is not None:
            yield from self._of_body(operation, Reply(status, body), media, interaction)
        promised = {name.lower() for name in self._contract.answer_headers(operation, status)}
        for name in response.get("headers") or {}:
            if name.lower() not in promised | _USUAL:
                yield _header("response", "headers", name)

    def _of_body(
        self, operation: Operation, reply: Reply, media: str, interaction: Mapping[str, Any]
    ) -> Iterator[Difference]:
        response, inside = interaction["response"], _inside(interaction)
        promised = self._contract.media(operation, reply.status)
        if key_of(dict.fromkeys(promised), media) is None:
            told = ", ".join(promised) or f"no body with the status {reply.status}"
            yield Difference(pointer_of("response", "body"), media, told, ASKS if promised else LACKS)
            return
        if not is_json(media):
            return

        def check(body: bytes) -> tuple[Breach, ...]:
            return self._promised.reply_breaches(operation, Reply(reply.status, body), media)

        found = settled(check, reply.body)
        for one in found:
            yield of_answer(one, _place(one, inside, "response"))
        if found:
            return
        for path, kind, other in with_fractions(_rules(response), response["body"]["content"], WHOLE):
            if not check(_json(other)):
                place = pointer_of("response", "body", *inside, *path)
                yield Difference(place, f"an integer (matcher {kind})", "a number, fractions as well", ASKS)

    def _of_message(self, interaction: Mapping[str, Any]) -> Iterator[Difference]:
        inside = ("contents", *_inside(interaction))
        body = _body({"body": interaction["contents"]}) or b"null"
        kind = _kind(body, interaction, self._contract.events())
        if kind is None or self._promised.event_breaches(kind, body) is None:
            known = ", ".join(self._contract.events()) or "no webhooks"
            has, named = ("this message", "for it") if kind is None else (repr(kind), repr(kind))
            yield Difference(
                pointer_of(*inside), has, f"no webhook {named}; it has {known}"[:_KNOWN_MAX], LACKS
            )
            return
        for one in settled(lambda some: self._promised.event_breaches(kind, some) or (), body):
            yield of_answer(one, inside)
        promised = {name.lower() for name in self._contract.event_headers(kind)}
        for name in interaction.get("metadata") or {}:
            if name.lower() not in promised | _USUAL:
                yield _header("metadata", name)


def _header(*place: str) -> Difference:
    return Difference(pointer_of(*place), "this header", "no such header", ASKS)


def _place(breach: Breach, inside: tuple[str, ...], side: str = "request") -> tuple[str | int, ...]:
    """Give where in an interaction the part stands that a breach is about."""
    match breach.part:
        case "query":
            return (side, "query")
        case "header":
            return (side, "headers") if breach.path else _AUTHORIZATION
        case "path":
            return (side, "path")
    is_whole = breach.has == NOTHING and not breach.path
    return (side, "body") if is_whole else (side, "body", *inside)


def _inside(interaction: Mapping[str, Any]) -> tuple[str, ...]:
    """Give where below its body the content of one stands: only version 4 of pacts has a wrapper."""
    return () if interaction.get(IS_OLD) else ("content",)


def _is_text(part: Mapping[str, Any]) -> bool:
    return isinstance((part.get("body") or {}).get("content"), str)


def _rules(part: Mapping[str, Any]) -> Mapping[str, Any]:
    rules = part.get("matchingRules") or {}
    if "body" in rules:
        return rules["body"] if isinstance(rules["body"], Mapping) else {}
    # Version 2 has one flat table, whose rows are single matchers.
    flat = {name: rule for name, rule in rules.items() if name.startswith("$.body")}
    return {f"${name.removeprefix('$.body')}": {"matchers": [rule]} for name, rule in flat.items()}


def _request(asked: Mapping[str, Any]) -> Request:
    headers = tuple((name, _first(value)) for name, value in (asked.get("headers") or {}).items())
    body = _body(asked)
    if body is not None and not any(name.lower() == _TYPE for name, _ in headers):
        headers = (*headers, (_TYPE, _media(asked)))
    query = urlencode(asked.get("query") or {}, doseq=True)
    return Request(str(asked["method"]).upper(), str(asked["path"]), query, headers, body or b"")


def _body(part: Mapping[str, Any]) -> bytes | None:
    body = part.get("body") or {}
    content = body.get("content")
    if content is None:
        return None
    if body.get("encoded"):
        return base64.b64decode(content)
    return content.encode() if isinstance(content, str) and not is_json(_media(part)) else _json(content)


def _json(content: Any) -> bytes:
    return json.dumps(content).encode()


def _media(part: Mapping[str, Any]) -> str:
    return media_of(str((part.get("body") or {}).get("contentType") or "application/json"))


def _first(value: Any) -> str:
    return str(value[0]) if isinstance(value, list) else str(value)


def _kind(body: bytes, interaction: Mapping[str, Any], known: tuple[str, ...]) -> str | None:
    """Give the webhook that a message is: its own word for it, the description's, or the only one."""
    event = json.loads(body)
    if isinstance(event, Mapping) and isinstance(event.get("type"), str):
        return next((one for one in known if one.removeprefix("/") == event["type"]), str(event["type"]))
    said = str(interaction["description"])
    for words in ({said, *said.split()}, set(_texts(event))):
        # Some documents name their webhooks as if they were addresses.
        found = [name for name in known if name.removeprefix("/") in words]
        if len(found) == 1:
            return found[0]
    return known[0] if len(known) == 1 else None


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(one)
