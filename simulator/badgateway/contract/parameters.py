"""What a document says of a request beside its body: address, headers, keys, what has to be there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from badgateway.contract.breach import MISSING, NOTHING, UNKNOWN, Breach
from badgateway.contract.document import Contract, Operation
from badgateway.contract.form import unfolded
from badgateway.ground.message import Request

# A document's parameters of these names say nothing. Source: OpenAPI 3.1, Parameter Object, `name`.
_IGNORED = frozenset({"accept", "content-type", "authorization"})
# Any client may send these; they are HTTP's and tracing's own, and ask nothing of the other side.
_USUAL = _IGNORED | {
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "baggage",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "cookie",
    "date",
    "expect",
    "host",
    "origin",
    "pragma",
    "referer",
    "te",
    "traceparent",
    "tracestate",
    "transfer-encoding",
    "user-agent",
}
_HIDDEN = "a value"


def parameter_breaches(contract: Contract, operation: Operation, request: Request) -> Iterator[Breach]:
    """Give in which ways address, headers and key of a request are not what an operation asks for."""
    rows = contract.parameters(operation)
    yield from _address(contract, operation, request, rows)
    yield from _headers(contract, request, rows)
    yield from _missing(request, rows)
    if (told := _key_problem(contract, operation, request)) is not None:
        yield Breach("header", (), NOTHING, told, "it has no key", MISSING)


def _address(
    contract: Contract,
    operation: Operation,
    request: Request,
    rows: tuple[tuple[str, Mapping[str, Any]], ...],
) -> Iterator[Breach]:
    parts = request.path.strip("/").split("/")[-len(operation.parts) :]
    sent = {pattern[1:-1]: part for pattern, part in zip(operation.parts, parts, strict=True)}
    for place, row in rows:
        if row["in"] == "path" and row["name"] in sent and "schema" in row:
            name = row["name"]
            yield from contract.value_breaches("path", name, f"{place}/schema", sent[name])


def _headers(
    contract: Contract, request: Request, rows: tuple[tuple[str, Mapping[str, Any]], ...]
) -> Iterator[Breach]:
    known = {row["name"].lower(): (place, row) for place, row in rows if row["in"] == "header"}
    keys = {str(row["name"]).lower() for row in contract.schemes().values() if row.get("in") == "header"}
    for name, text in request.headers:
        if name.lower() in _USUAL | keys:
            continue
        if name.lower() not in known:
            yield Breach("header", (name,), _HIDDEN, "no such header", "it is unknown", UNKNOWN)
            continue
        place, row = known[name.lower()]
        if "schema" in row:
            yield from contract.value_breaches("header", name, f"{place}/schema", text)


def _missing(request: Request, rows: tuple[tuple[str, Mapping[str, Any]], ...]) -> Iterator[Breach]:
    query = set(unfolded(request.query))
    for _, row in rows:
        name, part = row["name"], row["in"]
        is_there = (part == "query" and name.removesuffix("[]") in query) or part in {"path", "cookie"}
        if part == "header":
            is_there = name.lower() in _IGNORED or request.header(name) is not None
        if row.get("required") and not is_there:
            yield Breach(part, (name,), NOTHING, "it has to be there", "it is missing", MISSING)


def _key_problem(contract: Contract, operation: Operation, request: Request) -> str | None:
    """Say which keys have to come with a request that has none of them; any one of the choices is enough."""
    choices = contract.security(operation)
    schemes = contract.schemes()
    if not choices or any(all(_has_key(request, schemes.get(name, {})) for name in one) for one in choices):
        return None
    told = (" and ".join(_told(name, schemes.get(name, {})) for name in one) for one in choices)
    return " or ".join(told)


def _has_key(request: Request, scheme: Mapping[str, Any]) -> bool:
    match scheme.get("type"), scheme.get("in"):
        case "apiKey", "header":
            return request.header(str(scheme["name"])) is not None
        case "apiKey", "query":
            return str(scheme["name"]) in unfolded(request.query)
        case "http", _:
            sent = (request.header("Authorization") or "").partition(" ")[0].lower()
            return sent == str(scheme.get("scheme", "")).lower()
        case (("oauth2" | "openIdConnect"), _):
            return request.header("Authorization") is not None
    # Certificates and cookies are no part of what a pact records.
    return True


def _told(name: str, scheme: Mapping[str, Any]) -> str:
    if scheme.get("type") == "apiKey":
        return f"{scheme.get('in')} {scheme.get('name')}"
    return f"Authorization: {scheme.get('scheme', name)}"
