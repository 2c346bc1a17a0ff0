"""The OpenAPI document of a declared provider, made of its file: `specs/providers/NAME.openapi.yaml`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from badgateway.providers.declared.model import ErrorWords, Read, Route, Spec
from badgateway.providers.declared.places import steps
from badgateway.providers.declared.promises import Schema, any_of, schema_of, shapes_of

_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
_TROUBLE = (429, 500, 502, 503, 504)  # which a fault may ask for, whatever the file says
_EXAMPLES = {"capture": "held", "void": "held"}  # what is asked of a payment that stands like this
_PLAIN_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.-]*")
_WORDS_OF_YAML = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def document_of(spec: Spec) -> dict[str, Any]:
    """Give the document: addresses, what they take and answer, and webhooks."""
    paths: dict[str, dict[str, Any]] = {}
    for route in spec.routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, spec)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{spec.name}, as badgateway plays it",
            "version": "1",
            "summary": spec.about,
            "description": "Made of the provider's file; not there: " + "; ".join(spec.left_out) + ".",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": f"http://127.0.0.1:4242/{spec.name}"}],
        "security": [{f"key{n}": []} for n, _ in enumerate(spec.authentication, 1)],
        "paths": paths,
        "webhooks": dict(_webhooks(spec)),
        "components": {
            "securitySchemes": dict(_schemes(spec)),
            "schemas": shapes_of(spec),
            "responses": {str(status): answer for status, answer in _refusals(spec).items()},
        },
    }


def text_of(spec: Spec) -> str:
    """Give the document as the file under specs/ holds it."""
    head = f"# Made of {spec.name}.provider.yaml by `python -m badgateway.providers.documents`.\n"
    return head + "".join(f"{line}\n" for line in _lines(document_of(spec)))


def _operation(route: Route, spec: Spec) -> dict[str, Any]:
    words = re.findall(r"[A-Za-z0-9]+", route.path)
    made: dict[str, Any] = {
        "operationId": route.method.lower() + "".join(word[:1].upper() + word[1:] for word in words),
        "summary": f"{route.does}{', accepted first and done later' if route.is_asynchronous else ''}",
        "parameters": list(_parameters(route, spec)),
        "responses": _responses(route, spec),
    }
    if route.is_open:
        made["security"] = []
    body = _body(route, spec)
    if body is not None:
        made["requestBody"] = {
            "required": bool(body.get("required")),
            "content": {_FORM if spec.is_form else _JSON: {"schema": body}},
        }
    return made


def _parameters(route: Route, spec: Spec) -> Iterator[dict[str, Any]]:
    for name in dict.fromkeys(route.names):
        made: dict[str, Any] = {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        if name == "payment":
            made["example"] = f"{spec.prefix(name)}{_EXAMPLES.get(route.does, 'paid')}"
        yield made
    for kind, name, is_required in _beside_the_body(route, spec):
        yield {"name": name, "in": kind, "required": is_required, "schema": {"type": "string"}}


def _beside_the_body(route: Route, spec: Spec) -> list[tuple[str, str, bool]]:
    """Give what stands in query and headers: where, its name, and whether it must be there."""
    found = {at: False for at in (*spec.hints, *spec.remembers.values()) if ":" in at}
    found |= {at: is_due for at, is_due in _read_at(route) if ":" in at}
    rows = [(kind, name, must) for at, must in found.items() for kind, _, name in [at.partition(":")]]
    return [*rows, *([("header", route.key.header, route.key.is_required)] if route.key.header else [])]


def _read_at(route: Route) -> Iterator[tuple[str, bool]]:
    return (place for read in route.reads.values() for place in _places_of(read))


def _places_of(read: Read) -> list[tuple[str, bool]]:
    """Give where something may stand, and whether it must stand there: not where it may stand elsewhere."""
    is_due = read.is_required and read.otherwise is None
    return [(at, is_due) for at in (read.at, read.otherwise) if at]


def _body(route: Route, spec: Spec) -> Schema | None:
    if route.method == "GET" or route.does == "answer":
        return None
    body: Schema = {"type": "object", "properties": {}}
    for name, read in route.reads.items():
        for at, is_due in _places_of(read):
            if ":" not in at:
                _put(body, at, _said(name, read, spec), is_required=is_due)
    if route.key.body:
        _put(body, route.key.body, {"type": ["string", "integer"]}, is_required=route.key.is_required)
    return body


def _put(holder: Schema, at: str, schema: Schema, *, is_required: bool) -> None:
    """Write what stands at a place of a body, and that what leads there must be there where it must."""
    *way, last = steps(at)
    for step, following in zip([*way, last], [*way[1:], last, None], strict=False):
        if isinstance(step, int):
            holder = holder.setdefault("items", {"type": "object", "properties": {}})
            continue
        inside: Schema = {"type": "object", "properties": {}}
        if following is None or step is last:
            inside = schema
        elif isinstance(following, int):
            inside = {"type": "array"}
        if is_required and step not in holder.setdefault("required", []):
            holder["required"].append(step)
        if not holder.get("required"):
            holder.pop("required", None)
        holder = holder.setdefault("properties", {}).setdefault(step, inside)


def _said(name: str, read: Read, spec: Spec) -> Schema:
    if name == "amount":
        return {"type": ["string", "number"] if spec.is_decimal else ["integer", "string"]}
    if name == "currency":
        return {"type": "string", "pattern": "^[A-Za-z]{3}$"}
    if name == "capture":
        return {"enum": [one for word in ("manual", "automatic") for one in read.words.get(word, ())]}
    return {} if name in {"challenge", "final"} else {"type": ["string", "integer"]}


def _responses(route: Route, spec: Spec) -> dict[str, Any]:
    shown = schema_of(route.replies.body, spec)
    done = {route.replies.status, route.replies.waiting or route.replies.status}
    if (route.key.header or route.key.body) and spec.replays.status:
        done.add(spec.replays.status)
    refusals = _refusals(spec)
    made: dict[str, Any] = {}
    for status in sorted({*done, *refusals}):
        if status not in done:
            made[str(status)] = {"$ref": f"#/components/responses/{status}"}
            continue
        schemas = [shown, *([_schema(refusals[status])] if status in refusals else [])]
        media = next(
            (value for name, value in route.replies.headers.items() if name.lower() == "content-type"), _JSON
        )
        # What is no JSON is promised by its type alone.
        promised = {"schema": any_of(schemas)} if media == _JSON else {}
        content = {} if route.replies.body is None else {"content": {media: promised}}
        made[str(status)] = {"description": "Done, or accepted." if status < 300 else "Answered.", **content}
    return made


def _schema(answer: Mapping[str, Any]) -> Schema:
    found: Schema = answer["content"][_JSON]["schema"]
    return found


def _refusals(spec: Spec) -> dict[int, dict[str, Any]]:
    """Give the refusals by their status, each of them in the words that the file has for it."""
    by_status: dict[int, list[ErrorWords]] = {}
    for known in spec.errors.values():
        by_status.setdefault(known.status, []).append(known)
    for status in _TROUBLE:
        word = "too_many_requests" if status == 429 else "server_error"
        by_status.setdefault(status, []).append(spec.errors.get(word, spec.errors["else"]))
    return {
        status: {
            "description": "Refused." if status < 500 else "Trouble of the provider as a whole.",
            "content": {_JSON: {"schema": any_of(schema_of(one.body, spec) for one in known)}},
        }
        for status, known in by_status.items()
    }


def _webhooks(spec: Spec) -> Iterator[tuple[str, Any]]:
    told: dict[str, list[Schema]] = {}
    for kinds in spec.webhooks.events.values():
        for kind in kinds:
            given = {
                "event.type": {"const": kind.type},
                "event.object": schema_of(kind.shows, spec),
            }
            told.setdefault(kind.type, []).append(schema_of(spec.webhooks.body, spec, given))
    for name, schemas in told.items():
        body = {"required": True, "content": {_JSON: {"schema": any_of(schemas)}}}
        answers = {"2XX": {"description": "Taken; anything else has it sent again."}}
        yield name, {"post": {"requestBody": body, "responses": answers}}


def _schemes(spec: Spec) -> Iterator[tuple[str, Any]]:
    for n, way in enumerate(spec.authentication, 1):
        if way.scheme == "header":
            yield f"key{n}", {"type": "apiKey", "in": "header", "name": way.header}
        else:
            yield f"key{n}", {"type": "http", "scheme": way.scheme}


def _lines(value: Any, pad: str = "") -> Iterator[str]:
    """Write mappings and lists as YAML, a line for each scalar."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            is_plain = _PLAIN_KEY.fullmatch(key) and key.lower() not in _WORDS_OF_YAML
            yield from _entry(f"{pad}{key if is_plain else json.dumps(key)}:", part, f"{pad}  ")
    else:
        for part in value:
            yield from _entry(f"{pad}-", part, f"{pad}  ")


def _entry(head: str, part: Any, pad: str) -> Iterator[str]:
    if isinstance(part, Mapping | list | tuple) and part:
        # A list of scalars is short enough for one line.
        if isinstance(part, list) and not any(isinstance(one, Mapping | list) for one in part):
            yield f"{head} {json.dumps(part, ensure_ascii=False)}"
            return
        yield head
        yield from _lines(part, pad)
    else:
        yield f"{head} {json.dumps(part, ensure_ascii=False)}"
