"""One provider's OpenAPI document, compiled: what it says about a request, an answer and a webhook."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from badgateway.contract.form import typed, unfolded
from badgateway.ground.artifacts import artifact_dir
from badgateway.ground.message import Reply, Request
from badgateway.ground.yaml12 import read_yaml

# Of the extra `contracts`; without it nothing is watched.
_LIBRARY = "jsonschema_rs"
_URN, _DRAFT = "urn:contract", "https://json-schema.org/draft/2020-12/schema"
_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
_PROBLEMS_MAX, _TEXT_MAX = 5, 200


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a document: `method path`, and where it stands in it."""

    name: str
    pointer: str
    parts: tuple[str, ...]


class Contract:
    """A document with its operations; the validator of a schema is made when it is first asked for."""

    def __init__(self, name: str, document: Mapping[str, Any]) -> None:
        self.name = name
        self.document = self._document = document
        self._registry = import_module(_LIBRARY).Registry([(_URN, {"$schema": _DRAFT, **document})])
        self._validators: dict[str, Any] = {}
        self._operations = tuple(_operations(document))

    def operation(self, request: Request) -> Operation | None:
        """Give the operation that a request is one of; None: the document does not speak of it."""
        parts = tuple(request.path.strip("/").split("/"))
        found = [
            one
            for one in self._operations
            if one.name.startswith(f"{request.method} ") and _matches(one.parts, parts)
        ]
        # An address in full comes before one with a place for an id.
        return min(found, key=lambda one: sum(part.startswith("{") for part in one.parts), default=None)

    def request_problems(self, operation: Operation, request: Request) -> tuple[str, ...]:
        """Say in which ways a request is not one that the document allows; values are not repeated."""
        try:
            return (*self._query_problems(operation, request), *self._body_problems(operation, request))
        except ValueError as problem:
            return (f"{problem}",)

    def reply_problems(self, operation: Operation, reply: Reply) -> tuple[str, ...]:
        """Say in which ways an answer is not one that the document promises."""
        place, answer = self._answer(operation, reply.status)
        if not place:
            return (f"the status {reply.status} is not in the document",)
        if _JSON not in answer.get("content", {}):
            return ()
        return self._json_problems(f"{place}/content/{_escaped(_JSON)}/schema", reply.body)

    def has_status(self, operation: Operation, status: int) -> bool:
        """Say whether the document speaks of an answer with this status."""
        return bool(self._answer(operation, status)[0])

    def media(self, operation: Operation, status: int) -> tuple[str, ...]:
        """Give the types of body that an answer with this status may have; none: no body is promised."""
        return tuple(self._answer(operation, status)[1].get("content", ()))

    def answer_headers(self, operation: Operation, status: int) -> tuple[str, ...]:
        """Give the headers that are promised with this status."""
        return tuple(self._answer(operation, status)[1].get("headers", ()))

    def event_headers(self, wire_type: str) -> tuple[str, ...]:
        """Give the headers that are promised with a webhook of this type."""
        pointer = f"/webhooks/{_escaped(wire_type)}/post"
        rows = range(len(self._at(pointer).get("parameters", ())))
        found = [self._resolved(f"{pointer}/parameters/{n}")[1] for n in rows]
        return tuple(row["name"] for row in found if row["in"] == "header")

    def event_problems(self, wire_type: str, body: bytes) -> tuple[str, ...] | None:
        """Say in which ways a webhook is not one that the document promises; None: it is not in it."""
        if wire_type not in self._document.get("webhooks", {}):
            return None
        content = f"/webhooks/{_escaped(wire_type)}/post/requestBody/content/{_escaped(_JSON)}/schema"
        return self._json_problems(content, body)

    def _answer(self, operation: Operation, status: int) -> tuple[str, Mapping[str, Any]]:
        """Give where an answer with this status stands, empty: nowhere, and what is said of it."""
        answers, word = self._at(f"{operation.pointer}/responses"), str(status)
        known = next((one for one in (word, f"{word[0]}XX", "default") if one in answers), None)
        return ("", {}) if known is None else self._resolved(f"{operation.pointer}/responses/{known}")

    def _query_problems(self, operation: Operation, request: Request) -> tuple[str, ...]:
        rows = self._at(operation.pointer).get("parameters", ())
        places, hashes = {}, set()
        for n in range(len(rows)):
            place, row = self._resolved(f"{operation.pointer}/parameters/{n}")
            if row["in"] == "query":
                places[row["name"].removesuffix("[]")] = f"{place}/schema"
                hashes |= {row["name"]} if row.get("style") == "deepObject" else set()
        schema = {
            "type": "object",
            "properties": {name: {"$ref": _reference(place)} for name, place in places.items()},
            "additionalProperties": False,
        }
        key = f"query of {operation.name}"
        return self._form_problems(key, schema, request.query, frozenset(hashes))

    def _body_problems(self, operation: Operation, request: Request) -> tuple[str, ...]:
        body = self._at(operation.pointer).get("requestBody")
        if body is None or not request.body:
            is_missing = body is not None and body.get("required", False)
            return ("it has no body",) if is_missing else ()
        sent = (request.header("Content-Type") or "").partition(";")[0].strip().lower()
        if sent not in body["content"]:
            return (f"its body is {sent or 'of no type'}, the document takes {', '.join(body['content'])}",)
        place = f"{operation.pointer}/requestBody/content/{_escaped(sent)}/schema"
        if sent != _FORM:
            return self._json_problems(place, request.body)
        return self._form_problems(place, {"$ref": _reference(place)}, request.body.decode())

    def _form_problems(
        self, key: str, schema: Mapping[str, Any], text: str, hashes: frozenset[str] = frozenset()
    ) -> tuple[str, ...]:
        # An empty value unsets a parameter, whatever its type. What a single text means for a parameter of
        # style deepObject is left open by OpenAPI 3.1 (Parameter Object), so it is no breach.
        sent = {
            name: value
            for name, value in unfolded(text).items()
            if value != "" and not (name in hashes and isinstance(value, str))
        }
        return self._problems(key, schema, typed(sent, schema, self._meant))

    def _json_problems(self, place: str, body: bytes) -> tuple[str, ...]:
        try:
            value = json.loads(body)
        except ValueError:
            return ("its body is no JSON",)
        return self._problems(place, {"$ref": _reference(place)}, value)

    def _problems(self, key: str, schema: Mapping[str, Any], value: Any) -> tuple[str, ...]:
        validator = self._validators.get(key)
        if validator is None:
            # Values are masked: a form may hold a card.
            make = import_module(_LIBRARY).Draft202012Validator
            validator = make(schema, registry=self._registry, mask="a value")
            self._validators[key] = validator
        found = []
        for error in validator.iter_errors(value):
            place = "/".join(str(part) for part in error.instance_path)
            found.append(f"{place}: {error.message}"[:_TEXT_MAX] if place else error.message[:_TEXT_MAX])
            if len(found) == _PROBLEMS_MAX:
                break
        return tuple(dict.fromkeys(found))

    def _at(self, pointer: str) -> Any:
        node: Any = self._document
        for part in pointer.strip("/").split("/"):
            word = part.replace("~1", "/").replace("~0", "~")
            node = node[int(word)] if isinstance(node, list) else node[word]
        return node

    def _resolved(self, pointer: str) -> tuple[str, Any]:
        node = self._at(pointer)
        return self._resolved(unquote(node["$ref"][1:])) if "$ref" in node else (pointer, node)

    def _meant(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        if "$ref" not in schema:
            return schema
        found: Mapping[str, Any] = self._at(unquote(schema["$ref"].partition("#")[2]))
        return self._meant(found)


@lru_cache(maxsize=8)
def contract_of(provider: str) -> Contract | None:
    """Give a provider's contract; None: it has no document, or the extra `contracts` is missing."""
    path = artifact_dir("specs") / "providers" / f"{provider}.openapi.yaml"
    if find_spec(_LIBRARY) is None or not path.is_file():
        return None
    return read_contract(path)


def read_contract(path: Path) -> Contract:
    """Read an OpenAPI 3.1 document; raises InputError where it is no YAML."""
    return Contract(path.name, read_yaml(path.read_text(encoding="utf-8"), path.name).value)


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method in item:
            if method != "parameters":
                parts = tuple(path.strip("/").split("/"))
                yield Operation(f"{method.upper()} {path}", f"/paths/{_escaped(path)}/{method}", parts)


def _matches(pattern: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    return len(pattern) == len(parts) and all(
        one.startswith("{") or one == part for one, part in zip(pattern, parts, strict=True)
    )


def _escaped(word: str) -> str:
    return word.replace("~", "~0").replace("/", "~1")


def _reference(pointer: str) -> str:
    # A brace is no letter of a URI.
    return f"{_URN}#{quote(pointer, safe='/~')}"
