"""What a pact asks for that an OpenAPI document does not promise: the pact and the document alone decide."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from badgateway.contract.document import Contract, Operation
from badgateway.contract.loosened import loosened
from badgateway.ground.message import Reply, Request

_WEBHOOK = "Asynchronous/Messages"
_TYPE = "content-type"
# What travels with every message or answer, and needs no promise.
_USUAL = frozenset({_TYPE, "contenttype", "content-length", "date"})


class Overreach:
    """One document, held against interactions of pacts."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        # A pact names what it reads: what it leaves out is not missing, what is not promised is not there.
        self._promised = Contract(contract.name, loosened(contract.document))

    def of(self, interaction: Mapping[str, Any]) -> tuple[str, ...]:
        """Say what of an interaction the document does not promise; empty: it promises all of it."""
        if interaction.get("type") == _WEBHOOK:
            return tuple(self._of_message(interaction))
        request = _request(interaction["request"])
        operation = self._contract.operation(request)
        if operation is None:
            return (f"request: {self._contract.name} has no {request.method} {request.path}",)
        # Who expects a refusal may send what is refused.
        is_refusal = int(interaction["response"].get("status", 200)) >= 400
        asked = () if is_refusal else self._contract.request_problems(operation, request)
        return (
            *(f"request: {problem}" for problem in asked),
            *self._of_answer(operation, interaction["response"]),
        )

    def _of_answer(self, operation: Operation, response: Mapping[str, Any]) -> Iterator[str]:
        status = int(response.get("status", 200))
        body = _body(response)
        promised_media = self._contract.media(operation, status)
        if body is not None and promised_media and _media(response) not in promised_media:
            told = ", ".join(promised_media)
            yield f"response: its body is {_media(response)}, the document promises {told}"
        elif body is not None and "json" in _media(response):
            for problem in self._promised.reply_problems(operation, Reply(status, body)):
                yield f"response: {problem}"
        elif not self._contract.has_status(operation, status):
            yield f"response: the status {status} is not in the document"
        promised = {name.lower() for name in self._contract.answer_headers(operation, status)}
        for name in response.get("headers") or {}:
            if name.lower() not in promised | _USUAL:
                yield f"response: the header {name} is not promised"

    def _of_message(self, interaction: Mapping[str, Any]) -> Iterator[str]:
        contents = interaction["contents"]
        body = _body({"body": contents}) or b"null"
        kind = _kind(body)
        problems = self._promised.event_problems(kind, body) if kind is not None else None
        if kind is None or problems is None:
            yield f"message: {self._contract.name} has no webhook {kind!r}"
            return
        yield from (f"message: {problem}" for problem in problems)
        promised = {name.lower() for name in self._contract.event_headers(kind)}
        for name in interaction.get("metadata") or {}:
            if name.lower() not in promised | _USUAL:
                yield f"message: the header {name} is not promised"


def _request(asked: Mapping[str, Any]) -> Request:
    headers = tuple((name, _first(value)) for name, value in (asked.get("headers") or {}).items())
    body = _body(asked)
    if body is not None and not any(name.lower() == _TYPE for name, _ in headers):
        headers = (*headers, (_TYPE, _media(asked)))
    query = urlencode(asked.get("query") or {}, doseq=True)
    return Request(str(asked["method"]), str(asked["path"]), query, headers, body or b"")


def _body(part: Mapping[str, Any]) -> bytes | None:
    body = part.get("body") or {}
    content = body.get("content")
    if content is None:
        return None
    if body.get("encoded"):
        return base64.b64decode(content)
    return content.encode() if isinstance(content, str) and "json" not in _media(part) else _json(content)


def _json(content: Any) -> bytes:
    return json.dumps(content).encode()


def _media(part: Mapping[str, Any]) -> str:
    said = str((part.get("body") or {}).get("contentType") or "application/json")
    return said.partition(";")[0].strip().lower()


def _first(value: Any) -> str:
    return str(value[0]) if isinstance(value, list) else str(value)


def _kind(body: bytes) -> str | None:
    """Give the type that a webhook says it is of."""
    event = json.loads(body)
    return event["type"] if isinstance(event, Mapping) and isinstance(event.get("type"), str) else None
