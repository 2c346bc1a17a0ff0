"""The JSON Schema of one journal line, generated from the table of kinds."""

from __future__ import annotations

from typing import Any

from badgateway.ground import artifacts
from badgateway.journal.entry import KINDS
from badgateway.journal.shape import may_be_null


def journal_schema() -> dict[str, Any]:
    """Give the schema of one line of a journal file (NDJSON, one entry a line)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "One line of a badgateway journal",
        "description": "at_ms: virtual milliseconds since 1970. real_ms: real ones since the play began. "
        "hash: SHA-256 over the hash of the line before, a line feed, and this line without its hash.",
        "type": "object",
        "properties": {
            "seq": {"type": "integer", "minimum": 1},
            "at_ms": {"type": "integer"},
            "real_ms": {"type": "number"},
            "kind": {"enum": list(KINDS)},
            "order": {"type": ["string", "null"]},
            "data": {"type": "object"},
            "hash": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        },
        "required": ["seq", "at_ms", "real_ms", "kind", "order", "data", "hash"],
        "additionalProperties": False,
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
                "then": {"properties": {"data": _data_schema(fields)}},
            }
            for kind, fields in KINDS.items()
        ],
    }


def schema_text() -> str:
    """Give the schema as it stands in specs/journal.schema.json."""
    return artifacts.schema_text(journal_schema())


def _data_schema(fields: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: _field_schema(name, text) for name, text in fields.items()},
        "required": list(fields),
        "additionalProperties": False,
    }


def _field_schema(name: str, text: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"description": text}
    kind = "integer" if name.endswith("_minor") else "boolean" if name.startswith("is_") else None
    if kind:
        schema["type"] = [kind, "null"] if may_be_null(text) else kind
    return schema
