"""Interactions of pact files of versions 2 to 4, all of them in the form of version 4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs

HTTP, MESSAGE = "Synchronous/HTTP", "Asynchronous/Messages"
IS_OLD = "badgateway.written_before_v4"  # marks an interaction whose bodies stand in its file as they are


def interactions_of(pact: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give every interaction of a pact; raises KeyError, TypeError, ValueError or AttributeError for none."""
    version = str(_specification(pact).get("version", "4.0" if _is_typed(pact) else "3.0"))
    for one in pact.get("interactions") or ():
        yield _whole(dict(one) if version.startswith("4") else _http(one))
    for one in pact.get("messages") or ():
        yield _message(one)


def _specification(pact: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = pact.get("metadata") or {}
    found = metadata.get("pactSpecification") or metadata.get("pact-specification") or {}
    return found if isinstance(found, Mapping) else {"version": found}


def _is_typed(pact: Mapping[str, Any]) -> bool:
    return any("type" in one for one in pact.get("interactions") or ())


def _whole(one: dict[str, Any]) -> dict[str, Any]:
    """Give an interaction of which all parts are there that are read later on."""
    if one.get("type", HTTP) == HTTP:
        for part, words in (("request", ("method", "path")), ("response", ())):
            missing = [word for word in words if not isinstance(one[part].get(word), str)]
            if missing:
                raise ValueError(f"{one['description']!r}: its {part} has no {' and no '.join(missing)}")
        int(one["response"].get("status", 200))
    elif one["type"] == MESSAGE:
        one["contents"].get("content")
    return one


def _http(one: Mapping[str, Any]) -> dict[str, Any]:
    query = one["request"].get("query")
    asked = _part(one["request"]) | {"query": parse_qs(query) if isinstance(query, str) else query}
    return {
        "type": HTTP,
        "description": one["description"],
        "providerStates": _states(one),
        "request": asked,
        "response": _part(one["response"]),
        IS_OLD: True,
    }


def _message(one: Mapping[str, Any]) -> dict[str, Any]:
    metadata = one.get("metadata") or one.get("metaData") or {}
    media = next((str(text) for name, text in metadata.items() if _is_content_type(name)), "application/json")
    return {
        "type": MESSAGE,
        "description": one["description"],
        "providerStates": _states(one),
        "contents": {"content": one.get("contents"), "contentType": media, "encoded": False},
        "metadata": metadata,
        "matchingRules": one.get("matchingRules") or {},
        IS_OLD: True,
    }


def _part(part: Mapping[str, Any]) -> dict[str, Any]:
    """Give a request or a response; its body has the type that its header says."""
    made = dict(part)
    if "body" in part:
        headers = part.get("headers") or {}
        media = next((_first(text) for name, text in headers.items() if _is_content_type(name)), None)
        body = part["body"]
        guess = "text/plain" if isinstance(body, str) else "application/json"
        made["body"] = {"content": body, "contentType": media or guess, "encoded": False}
    return made


def _states(one: Mapping[str, Any]) -> list[dict[str, Any]]:
    states = one.get("providerStates") or one.get("provider_states")
    if states is None:
        name = one.get("providerState") or one.get("provider_state")
        return [] if name is None else [{"name": str(name)}]
    return list(states)


def _is_content_type(name: str) -> bool:
    return name.lower() in {"content-type", "contenttype"}


def _first(value: Any) -> str:
    return str(value[0]) if isinstance(value, list) else str(value)
