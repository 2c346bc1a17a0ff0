"""The vendor's OpenAPI document, compiled: which schema an answer has, and what of a value breaks it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs
from tests.conformance.stripe.sdk_names import VENDOR

URN, DRAFT = "urn:vendor", "https://json-schema.org/draft/2020-12/schema"
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where a value is not what its schema says: the rule, and the value."""

    path: tuple[str | int, ...]
    rule: str
    value: Any
    message: str


class Vendor:
    """Operations and objects of the document; each validator is made once."""

    def __init__(self) -> None:
        document = json.loads((VENDOR / "stripe-payments-2023-08-16.min.json").read_text())
        self.schemas: dict[str, Schema] = document["components"]["schemas"]
        self.paths: dict[str, Any] = document["paths"]
        plain = {"components": {"schemas": {name: self._plain(one) for name, one in self.schemas.items()}}}
        self._registry = jsonschema_rs.Registry([(URN, {"$schema": DRAFT, **plain})])
        self._validators: dict[str, Any] = {}
        self._objects = {
            (one["properties"]["object"]["enum"][0], "deleted" in one["properties"]): name
            for name, one in self.schemas.items()
            if "enum" in one.get("properties", {}).get("object", {})
        }

    def operation(self, method: str, path: str) -> str | None:
        """Give the address of the document that a path is one of; None: it speaks of no such one."""
        parts = path.strip("/").split("/")
        found = [
            pattern
            for pattern, methods in self.paths.items()
            if method.lower() in methods and _matches(pattern.strip("/").split("/"), parts)
        ]
        return min(found, key=lambda one: one.count("{"), default=None)

    def answer(self, pattern: str, method: str, status: int) -> Schema:
        """Give the schema of an answer; all refusals have that of `default`."""
        answers = self.paths[pattern][method.lower()]["responses"]
        known = answers.get(str(status), answers["default"])
        schema: Schema = known["content"]["application/json"]["schema"]
        return schema

    def of_object(self, value: Mapping[str, Any]) -> str | None:
        """Give the name of the schema of an object, by what it calls itself; None: there is none."""
        kind = value.get("object")
        return self._objects.get((kind, "deleted" in value)) if isinstance(kind, str) else None

    def chosen(self, schema: Schema, value: Any) -> Schema:
        """Give the very hash that describes a value, where a schema leaves several open."""
        if "$ref" in schema:
            return self.chosen(self.schemas[schema["$ref"].rpartition("/")[2]], value)
        if "anyOf" not in schema:
            return schema
        hashes = [one for one in schema["anyOf"] if one.get("type") != "string"]
        if not isinstance(value, dict) or not hashes:
            return schema
        marked = sorted(hashes, key=lambda one: -len(self._marks(one)))
        fitting = (one for one in marked if self._marks(one).items() <= value.items())
        return self.chosen(next(fitting, marked[-1]), value)

    def breaches(self, key: str, schema: Schema, value: Any) -> Iterator[Breach]:
        """Give every place where a value is not what a schema says; `key` names the schema."""
        if key not in self._validators:
            made = jsonschema_rs.Draft202012Validator(self._plain(schema), registry=self._registry)
            self._validators[key] = made
        for error in self._validators[key].iter_errors(value):
            yield Breach(tuple(error.instance_path), error.kind.name, error.instance, error.message)

    def _marks(self, schema: Schema) -> dict[str, Any]:
        """Give the values by which a hash is told from others: `object`, and `deleted`."""
        target = self.schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        told = {name: target.get("properties", {}).get(name, {}) for name in ("object", "deleted")}
        return {name: one["enum"][0] for name, one in told.items() if len(one.get("enum", ())) == 1}

    def _plain(self, schema: Any) -> Any:
        """Turn OpenAPI 3.0 into JSON Schema whose errors name the very place, not the choice above it."""
        if isinstance(schema, list):
            return [self._plain(one) for one in schema]
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema:
            return {"$ref": f"{URN}{schema['$ref']}"}
        made = {name: self._plain(one) for name, one in schema.items() if name not in {"nullable", "anyOf"}}
        if "anyOf" in schema:
            made |= self._choice(schema["anyOf"])
        if schema.get("nullable") is True:
            return {"if": {"type": "null"}, "else": made}
        return made

    def _choice(self, branches: list[Schema]) -> dict[str, Any]:
        """Choose by the kind of a value, and between hashes by what they call themselves."""
        text = next((one for one in branches if one.get("type") == "string"), None)
        marked = sorted((one for one in branches if one is not text), key=lambda one: -len(self._marks(one)))
        if not marked:
            return dict(self._plain(text))
        made = dict(self._plain(marked[-1]))
        for one in reversed(marked[:-1]):
            marks = {name: {"const": value} for name, value in self._marks(one).items()}
            # Without a mark there is nothing to choose by: the first one holds.
            told: Any = {"properties": marks, "required": [*marks]} if marks else True
            made = {"if": told, "then": self._plain(one), "else": made}
        return made if text is None else {"if": {"type": "string"}, "then": self._plain(text), "else": made}


def _matches(pattern: list[str], parts: list[str]) -> bool:
    return len(pattern) == len(parts) and all(
        one == part or (one.startswith("{") and part != "search")
        for one, part in zip(pattern, parts, strict=True)
    )
