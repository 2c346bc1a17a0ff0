"""The vendor's OpenAPI documents: which schema an answer or notification has, and what of it breaks that."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

DOCUMENTS = Path(__file__).resolve().parents[4] / "shared" / "vendor" / "adyen"
_VERSION = re.compile(r"^(/adyen)?/v[0-9]+(?=/)")


@cache
def document(name: str) -> Mapping[str, Any]:
    """Give a document by the name of its file."""
    found: Mapping[str, Any] = json.loads((DOCUMENTS / name).read_text())
    return found


@cache
def checkout() -> Mapping[str, Any]:
    """Give the document of the API."""
    return document("CheckoutService-v71.json")


@cache
def webhooks() -> Mapping[str, Any]:
    """Give the document of the notifications."""
    return document("Webhooks-v1.json")


def operation(method: str, path: str) -> Mapping[str, Any] | None:
    """Give what the document says of an address; None: it speaks of no such one."""
    plain = _VERSION.sub("", path.partition("?")[0])
    patterns = sorted(checkout()["paths"], key=lambda one: one.count("{"))
    fitting = (one for one in patterns if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one), plain))
    return checkout()["paths"].get(next(fitting, ""), {}).get(method.lower())


def answer_breaches(described: Mapping[str, Any], status: int, shown: Any) -> list[str]:
    """Give what of an answer is not as the document says; every refusal has one shape."""
    known = described["responses"].get(str(status))
    schema = known["content"]["application/json"]["schema"] if known else _ref("ServiceError")
    return [*_problems(checkout(), schema, shown), *_unknown(checkout(), schema, shown)]


def request_breaches(described: Mapping[str, Any], sent: Any) -> list[str]:
    """Give what of a request is not as the document says."""
    return _problems(checkout(), described["requestBody"]["content"]["application/json"]["schema"], sent)


def notification_breaches(shown: Mapping[str, Any]) -> list[str]:
    """Give what of a notification is not as the page of its eventCode says."""
    problems = []
    for wrapped in shown["notificationItems"]:
        code = wrapped["NotificationRequestItem"]["eventCode"]
        described = webhooks().get("webhooks") or webhooks()["paths"]
        found = described.get(code) or described.get(f"/{code}")
        if found is None:
            problems.append(f"there is no event {code}")
            continue
        schema = found["post"]["requestBody"]["content"]["application/json"]["schema"]
        problems += _problems(webhooks(), schema, {**shown, "notificationItems": [wrapped]})
        problems += _unknown_of_item(schema, wrapped["NotificationRequestItem"])
    return problems


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _problems(whole: Mapping[str, Any], schema: Mapping[str, Any], shown: Any) -> list[str]:
    bound = {**schema, "components": whole["components"]}
    found = jsonschema.Draft202012Validator(bound).iter_errors(shown)
    return [f"{error.json_path}: {error.message[:200]}" for error in found]


def _unknown(whole: Mapping[str, Any], schema: Mapping[str, Any], shown: Any) -> list[str]:
    """Give the names of which the document does not speak."""
    known = _properties(whole, schema)
    return [f"$.{name}: no such name" for name in shown if known and name not in known]


def _unknown_of_item(schema: Mapping[str, Any], item: Mapping[str, Any]) -> Iterator[str]:
    wrapper = _properties(webhooks(), _properties(webhooks(), schema)["notificationItems"]["items"])
    known = _properties(webhooks(), wrapper["NotificationRequestItem"])
    yield from (f"$.{name}: no such name" for name in item if name not in known)


def _properties(whole: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return _properties(whole, whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    found = dict(schema.get("properties") or {})
    for part in (*schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ())):
        found |= _properties(whole, part)
    return found
