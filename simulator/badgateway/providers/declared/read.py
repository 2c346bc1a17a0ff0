"""Reading a provider file: every problem at once with its place, or the records of a provider."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from badgateway.errors import InputError
from badgateway.ground.duration import to_ms
from badgateway.ground.shape import check_shape
from badgateway.ground.yaml12 import Document, read_yaml, text_of
from badgateway.payments.idempotency import HOUR_MS, Rules
from badgateway.providers.declared.checks import check_meaning
from badgateway.providers.declared.fields import ERRORS, STORES, make_schema
from badgateway.providers.declared.model import (
    Authentication,
    Challenge,
    ErrorWords,
    EventKind,
    KeyPlace,
    Read,
    Replays,
    Replies,
    Route,
    Signature,
    Spec,
    Way,
    Webhooks,
    Words,
)
from badgateway.providers.declared.request import CHANGING

PAGE_DEFAULT, PAGE_MAX = 10, 100


def read_spec(path: Path) -> Spec:
    """Read a provider file; raises InputError with all its problems."""
    document = read_yaml(text_of(path), path.as_posix())
    problems = check_shape(document, make_schema()) or check_meaning(document)
    if problems:
        raise InputError(problems)
    return spec_of(document)


def spec_of(document: Document) -> Spec:
    """Make the records of a document that was found to be without problems."""
    value: Mapping[str, Any] = document.value
    known: Mapping[str, Any] | None = value.get("idempotency")
    page = value.get("page") or {}
    return Spec(
        name=value["name"],
        about=value["about"],
        left_out=tuple(value["left_out"]),
        is_form=value.get("body") == "form",
        is_decimal=value["amounts"]["written"] == "decimal",
        exponents=value["amounts"].get("exponents") or {},
        authentication=tuple(Authentication(**one) for one in value["authentication"]),
        settings=value.get("settings") or {},
        ids=value["ids"],
        cards=value["cards"],
        hints=tuple(value.get("hints") or ()),
        remembers=value.get("remembers") or {},
        words={name: Words(one["of"], one["is"]) for name, one in (value.get("words") or {}).items()},
        shapes=value.get("shapes") or {},
        routes=tuple(_route(one, known) for one in value["routes"]),
        errors=_errors(value["errors"]),
        rules=_rules(known) if known is not None else None,
        is_replayed_whatever=(known or {}).get("other_parameters") == "replay",
        replays=Replays(**(known or {}).get("replays", {})),
        page_default=page.get("default", PAGE_DEFAULT),
        page_max=page.get("max", PAGE_MAX),
        is_paged_by_id=page.get("by") == "id",
        webhooks=_webhooks(value["webhooks"]),
        holds_ms=to_ms(value["holds"]) if "holds" in value else None,
        challenge=_challenge(value["challenge"]) if "challenge" in value else None,
    )


def _challenge(given: Mapping[str, Any]) -> Challenge:
    ways = (Way(given[end]["to"], given[end].get("with") or {}) for end in ("passed", "failed"))
    return Challenge(given["page"], *ways)


def _route(given: Mapping[str, Any], idempotency: Mapping[str, Any] | None) -> Route:
    method, _, path = given["on"].partition(" ")
    counts = (idempotency or {}).get("for", CHANGING)
    place = given.get("key")
    if place is None and idempotency is not None and given["does"] in counts:
        place = idempotency["key"]
    return Route(
        method=method,
        path=path,
        does=given["does"],
        reads={name: _read(one) for name, one in (given.get("reads") or {}).items()},
        replies=Replies(**given["replies"]),
        is_asynchronous=given.get("asynchronous", False),
        is_open=given.get("open", False),
        key=_key_place(place or {}),
    )


def _read(given: str | Mapping[str, Any]) -> Read:
    if isinstance(given, str):
        return Read(given)
    words = {name: _several(given[name]) for name in ("manual", "automatic", "no") if name in given}
    must = given.get("required", False)
    return Read(given.get("at"), given.get("or"), must, given.get("default"), words)


def _several(given: Any) -> tuple[Any, ...]:
    return tuple(given) if isinstance(given, list) else (given,)


def _key_place(given: Mapping[str, Any]) -> KeyPlace:
    return KeyPlace(
        given.get("header"),
        given.get("body"),
        given.get("required", False),
        given.get("shortest", 1),
        given.get("longest", 255),
    )


def _errors(given: Mapping[str, Any]) -> dict[str, ErrorWords]:
    body, rest = given["body"], given["else"]
    return {
        word: ErrorWords(
            own.get("status", rest.get("status", usual) if word == "else" else usual),
            own.get("body", rest.get("body", body)),
            own.get("code", rest.get("code")),
            own.get("message"),
        )
        for word, usual in ERRORS.items()
        for own in [given.get(word, {})]
    }


def _rules(given: Mapping[str, Any]) -> Rules:
    kept = to_ms(given["kept"]) if "kept" in given else 24 * HOUR_MS
    return Rules(kept, frozenset(given.get("stores", STORES)))


def _webhooks(given: Mapping[str, Any]) -> Webhooks:
    signature = dict(given["signature"])
    if signature["scheme"] == "rsa":
        signature.setdefault("encoding", "base64")
    return Webhooks(
        ladder_ms=tuple(gap for one in given["retries"] for gap in _gaps(one)),
        signature=Signature(**signature),
        body=given["body"],
        events={name: tuple(_kinds(one)) for name, one in given["events"].items()},
        headers=given.get("headers") or {},
        deadline_ms=to_ms(given.get("deadline", "10s")),
        give_up_after=given.get("give_up_after"),
    )


def _gaps(given: str | Mapping[str, Any]) -> tuple[int, ...]:
    return (to_ms(given),) if isinstance(given, str) else (to_ms(given["every"]),) * given["times"]


def _kinds(given: Mapping[str, Any] | list[Mapping[str, Any]]) -> Iterator[EventKind]:
    several = given if isinstance(given, list) else [given]
    for one in several:
        is_primary = one.get("primary", len(several) == 1)
        yield EventKind(
            one["type"], one["shows"], is_primary, one.get("with"), one.get("without"), one.get("when")
        )
