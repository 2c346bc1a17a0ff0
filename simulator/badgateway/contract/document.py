"""One provider's OpenAPI document, compiled: what it says about a request, an answer and a webhook."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from badgateway.contract.breach import MISSING, NOTHING, OTHER, UNKNOWN, Breach, breaches
from badgateway.contract.form import kinds_of, listed, typed, unfolded
from badgateway.contract.media import key_of, media_of
from badgateway.contract.readable import METHODS, read_document
from badgateway.errors import InputError, Problem
from badgateway.ground.artifacts import artifact_dir
from badgateway.ground.message import Reply, Request

# Of the extra `contracts`; without it nothing is watched.
_LIBRARY = "jsonschema_rs"
_URN, _DRAFT = "urn:contract", "https://json-schema.org/draft/2020-12/schema"
_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
_PROBLEMS_MAX, _BREACHES_MAX = 5, 50
_INSIDE = {"euler": "internal.openapi.yaml"}  # behind the integration, and no provider of money itself
_NO_LISTS: Mapping[str, Mapping[str, str]] = MappingProxyType({})


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
        self._operations = tuple(self._all_operations())
        self._bases = tuple(sorted(_bases(document), key=len, reverse=True))

    def operation(self, request: Request) -> Operation | None:
        """Give the operation that a request is one of; None: the document does not speak of it."""
        found = self._operation(request.method, request.path)
        for base in self._bases:
            # Where it is listening, a service's addresses may begin with that of its server entry.
            if found is None and request.path.startswith(f"{base}/"):
                found = self._operation(request.method, request.path.removeprefix(base))
        return found

    def _operation(self, method: str, path: str) -> Operation | None:
        parts = tuple(path.strip("/").split("/"))
        found = [
            one
            for one in self._operations
            if one.name.startswith(f"{method} ") and _matches(one.parts, parts)
        ]
        # An address in full comes before one with a place for an id.
        return min(found, key=lambda one: sum(part.startswith("{") for part in one.parts), default=None)

    def request_problems(self, operation: Operation, request: Request) -> tuple[str, ...]:
        """Say in which ways a request is not one that the document allows; values are not repeated."""
        return _sentences(self.request_breaches(operation, request))

    def request_breaches(self, operation: Operation, request: Request) -> tuple[Breach, ...]:
        """Give in which ways query and body of a request are not what the document allows."""
        try:
            return (*self._query_breaches(operation, request), *self._body_breaches(operation, request))
        except ValueError as problem:
            return (_breach("body", "what cannot be read", f"{problem}", f"{problem}"),)

    def reply_problems(self, operation: Operation, reply: Reply) -> tuple[str, ...]:
        """Say in which ways an answer is not one that the document promises."""
        return _sentences(self.reply_breaches(operation, reply))

    def reply_breaches(self, operation: Operation, reply: Reply, media: str = _JSON) -> tuple[Breach, ...]:
        """Give in which ways status and JSON body of an answer are not what the document promises."""
        place, answer = self._answer(operation, reply.status)
        if not place:
            told = ", ".join(self._at(operation.pointer).get("responses", ())) or "no status at all"
            sentence = f"the status {reply.status} is not in the document"
            return (_breach("status", str(reply.status), told, sentence, UNKNOWN),)
        key = key_of(answer.get("content", {}), media)
        if key is None or "schema" not in answer["content"][key]:
            return ()
        return self._json_breaches(f"{place}/content/{_escaped(key)}/schema", reply.body)

    def has_status(self, operation: Operation, status: int) -> bool:
        """Say whether the document speaks of an answer with this status."""
        return bool(self._answer(operation, status)[0])

    def media(self, operation: Operation, status: int) -> tuple[str, ...]:
        """Give the types of body that an answer with this status may have; none: no body is promised."""
        return tuple(self._answer(operation, status)[1].get("content", ()))

    def answer_headers(self, operation: Operation, status: int) -> tuple[str, ...]:
        """Give the headers that are promised with this status."""
        return tuple(self._answer(operation, status)[1].get("headers", ()))

    def methods(self, path: str) -> tuple[str, ...]:
        """Give the methods of an address; empty: there is no such address."""
        return tuple(one.upper() for one in METHODS if self._operation(one.upper(), path) is not None)

    def security(self, operation: Operation) -> tuple[tuple[str, ...], ...]:
        """Give the choices of keys that an operation asks for, each of them the names of its schemes."""
        said = self._at(operation.pointer).get("security", self._document.get("security", ()))
        return tuple(tuple(choice) for choice in said)

    def schemes(self) -> Mapping[str, Mapping[str, Any]]:
        """Give the kinds of keys by their names."""
        found: Mapping[str, Mapping[str, Any]] = self._document.get("components", {}).get(
            "securitySchemes", {}
        )
        return found

    def parameters(self, operation: Operation) -> tuple[tuple[str, Mapping[str, Any]], ...]:
        """Give the parameters of an operation, and where they stand; its own before its address'."""
        found = {}
        for pointer in (operation.pointer.rpartition("/")[0], operation.pointer):
            for n in range(len(self._at(pointer).get("parameters", ()))):
                place, row = self._resolved(f"{pointer}/parameters/{n}")
                found[row["in"], row["name"]] = (place, row)
        return tuple(found.values())

    def value_breaches(self, part: str, name: str, place: str, text: str) -> tuple[Breach, ...]:
        """Give in which ways the text of a header or of a part of an address is not what its schema says."""
        schema = {"$ref": _reference(place)}
        return self._breaches(place, schema, typed(text, schema, self._meant), part, (name,))

    def events(self) -> tuple[str, ...]:
        """Name the webhooks."""
        return tuple(self._document.get("webhooks", {}))

    def event_headers(self, wire_type: str) -> tuple[str, ...]:
        """Give the headers that are promised with a webhook of this type, those of its own keys included."""
        event = self._event(wire_type)
        if event is None:
            return ()
        named = [row["name"] for _, row in self.parameters(event) if row["in"] == "header"]
        # The keys of the document as a whole are those of who calls its addresses.
        for choice in self._at(event.pointer).get("security", ()):
            for scheme in (self.schemes().get(name, {}) for name in choice):
                named += ["Authorization"] if scheme.get("type") == "http" else []
                named += [scheme["name"]] if scheme.get("in") == "header" else []
        return tuple(dict.fromkeys(named))

    def event_problems(self, wire_type: str, body: bytes) -> tuple[str, ...] | None:
        """Say in which ways a webhook is not one that the document promises; None: it is not in it."""
        found = self.event_breaches(wire_type, body)
        return None if found is None else _sentences(found)

    def event_breaches(self, wire_type: str, body: bytes) -> tuple[Breach, ...] | None:
        """Give in which ways a webhook's body is not what the document promises; None: it is not in it."""
        event = self._event(wire_type)
        if event is None:
            return None
        if "requestBody" not in self._at(event.pointer):
            return (_breach("body", "a body", "no body", "the document has no body for it", UNKNOWN),)
        place, said = self._resolved(f"{event.pointer}/requestBody")
        key = key_of(said["content"], _JSON)
        if key is None or "schema" not in said["content"][key]:
            return ()
        return self._json_breaches(f"{place}/content/{_escaped(key)}/schema", body)

    def _event(self, wire_type: str) -> Operation | None:
        if wire_type not in self.events():
            return None
        pointer, item = self._resolved(f"/webhooks/{_escaped(wire_type)}")
        method = next((one for one in ("post", *METHODS) if one in item), None)
        return None if method is None else Operation(wire_type, f"{pointer}/{method}", ())

    def _answer(self, operation: Operation, status: int) -> tuple[str, Mapping[str, Any]]:
        """Give where an answer with this status stands, empty: nowhere, and what is said of it."""
        answers, word = self._at(operation.pointer).get("responses", {}), str(status)
        known = next((one for one in (word, f"{word[0]}XX", "default") if one in answers), None)
        return ("", {}) if known is None else self._resolved(f"{operation.pointer}/responses/{known}")

    def _query_breaches(self, operation: Operation, request: Request) -> tuple[Breach, ...]:
        places, hashes, lists = {}, set(), {}
        for place, row in self.parameters(operation):
            if row["in"] == "query" and "schema" in row:
                places[row["name"].removesuffix("[]")] = f"{place}/schema"
                hashes |= {row["name"]} if row.get("style") == "deepObject" else set()
                if kinds_of(row["schema"], self._meant) == {"array"}:
                    is_exploded = row.get("explode", row.get("style", "form") == "form")
                    lists[row["name"]] = listed(request.query, row["name"], is_exploded=is_exploded)
        schema = {
            "type": "object",
            "properties": {
                **{str(one["name"]): {} for one in self.schemes().values() if one.get("in") == "query"},
                **{name: {"$ref": _reference(place)} for name, place in places.items()},
            },
            "additionalProperties": False,
        }
        key = f"query of {operation.name}"
        return self._form_breaches(key, schema, request.query, "query", frozenset(hashes), lists)

    def _body_breaches(self, operation: Operation, request: Request) -> tuple[Breach, ...]:
        has_one = "requestBody" in self._at(operation.pointer)
        place, body = self._resolved(f"{operation.pointer}/requestBody") if has_one else ("", {})
        if not has_one or not request.body:
            is_missing = body.get("required", False)
            asked = ", ".join(body.get("content", ()))
            return (
                (_breach("body", NOTHING, f"a body: {asked}", "it has no body", MISSING),)
                if is_missing
                else ()
            )
        sent = media_of(request.header("Content-Type"))
        key = key_of(body["content"], sent)
        if key is None:
            takes = ", ".join(body["content"])
            sentence = f"its body is {sent or 'of no type'}, the document takes {takes}"
            return (_breach("body", sent or "a body of no type", takes, sentence),)
        if "schema" not in body["content"][key]:
            return ()
        place = f"{place}/content/{_escaped(key)}/schema"
        if sent != _FORM:
            return self._json_breaches(place, request.body)
        return self._form_breaches(place, {"$ref": _reference(place)}, request.body.decode(), "body")

    def _form_breaches(
        self,
        key: str,
        schema: Mapping[str, Any],
        text: str,
        part: str,
        hashes: frozenset[str] = frozenset(),
        lists: Mapping[str, Mapping[str, str]] = _NO_LISTS,
    ) -> tuple[Breach, ...]:
        # An empty value unsets a parameter, whatever its type. What a single text means for a parameter of
        # style deepObject is left open by OpenAPI 3.1 (Parameter Object), so it is no breach.
        sent = {
            name: (lists.get(name) or value) if isinstance(value, str) else value
            for name, value in unfolded(text).items()
            if value != "" and not (name in hashes and isinstance(value, str))
        }
        return self._breaches(key, schema, typed(sent, schema, self._meant), part)

    def _json_breaches(self, place: str, body: bytes) -> tuple[Breach, ...]:
        try:
            value = json.loads(body)
        except ValueError:
            return (_breach("body", "no JSON", "JSON", "its body is no JSON"),)
        return self._breaches(place, {"$ref": _reference(place)}, value, "body")

    def _breaches(
        self, key: str, schema: Mapping[str, Any], value: Any, part: str, path: tuple[str, ...] = ()
    ) -> tuple[Breach, ...]:
        validator = self._validators.get(key)
        if validator is None:
            # Values are masked: a form may hold a card.
            make = import_module(_LIBRARY).Draft202012Validator
            try:
                validator = make(schema, registry=self._registry, mask="a value")
            except ValueError as error:
                what = f"{key} has a schema that is none: {str(error).partition(chr(10))[0]}"
                mend = "compare with JSON Schema 2020-12"
                raise InputError([Problem(self.name, 0, 0, what, mend)]) from None
            self._validators[key] = validator
        errors = islice(validator.iter_errors(value), _BREACHES_MAX)
        found = (one for error in errors for one in breaches(error, part))
        return tuple(replace(one, path=(*path, *one.path)) if path else one for one in found)

    def _all_operations(self) -> Iterator[Operation]:
        for path in self._document.get("paths", {}):
            pointer, item = self._resolved(f"/paths/{_escaped(path)}")
            for method in METHODS:
                if method in item:
                    parts = tuple(path.strip("/").split("/"))
                    yield Operation(f"{method.upper()} {path}", f"{pointer}/{method}", parts)

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


@lru_cache(maxsize=16)
def contract_of(provider: str) -> Contract | None:
    """Give a provider's contract; None: it has no document, or the extra `contracts` is missing."""
    path = artifact_dir("specs") / _INSIDE.get(provider, f"providers/{provider}.openapi.yaml")
    if find_spec(_LIBRARY) is None or not path.is_file():
        return None
    return read_contract(path)


def read_contract(path: Path) -> Contract:
    """Read an OpenAPI 3.1 document; raises InputError where it is none, or is not whole."""
    return Contract(path.name, read_document(path))


def _bases(document: Mapping[str, Any]) -> Iterator[str]:
    """Give the paths of the servers, as far as they are more than the root; a variable has its default."""
    for server in document.get("servers", ()):
        url = str(server.get("url", ""))
        for name, variable in server.get("variables", {}).items():
            url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
        if base := urlsplit(url).path.rstrip("/"):
            yield base


def _breach(part: str, has: str, says: str, sentence: str, way: str = OTHER) -> Breach:
    return Breach(part, (), has, says, sentence, way)


def _sentences(found: Iterable[Breach]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.sentence for one in found))[:_PROBLEMS_MAX]


def _matches(pattern: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    return len(pattern) == len(parts) and all(
        one.startswith("{") or one == part for one, part in zip(pattern, parts, strict=True)
    )


def _escaped(word: str) -> str:
    return word.replace("~", "~0").replace("/", "~1")


def _reference(pointer: str) -> str:
    # A brace is no letter of a URI.
    return f"{_URN}#{quote(pointer, safe='/~')}"
