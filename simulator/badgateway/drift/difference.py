"""How two answers to one request differ in status, error codes and shape; values are only counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from badgateway.drift.identifiers import is_path_word
from badgateway.drift.names import plain
from badgateway.drift.recording import Answered, Asked
from badgateway.drift.shape import leaves, parent_of, shape_of

STATUS, CODE, MEDIA, MISSING, EXTRA, TYPE = "status", "code", "media", "missing", "extra", "type"
NOTHING = "-"
# What an answer of any status says of an outcome, and what only a refusal means by it.
_OUTCOMES = frozenset({"resultcode", "refusalreasoncode", "errorcode", "declinecode", "failurecode"})
_CODES = _OUTCOMES | {"code", "type", "errortype", "category", "issue", "reasoncode"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which the simulator does not answer as the sandbox did, for all calls of an operation."""

    operation: str  # GET /v1/payment_intents/{id}
    kind: str  # status | code | media | missing | extra | type
    path: str  # of the answer's body; empty where it is about none
    sandbox: str
    simulator: str
    exchanges: tuple[int, ...]  # of the recording
    note: str = ""


def operation_of(asked: Asked) -> str:
    """Name an operation: its method, and its address without what identifies."""
    parts = ["{id}" if part and not _is_fixed(part) else part for part in asked.path.split("/")]
    return f"{asked.method} {'/'.join(parts)}"


def compare(n: int, asked: Asked, sandbox: Answered, simulator: Answered, note: str = "") -> list[Difference]:
    """Give every difference between two answers; where the statuses differ, the shapes are not compared."""
    found: Iterable[tuple[str, str, str, str]]
    if sandbox.status != simulator.status:
        found = [(STATUS, "", _outcome(sandbox), _outcome(simulator))]
    else:
        found = [*_media(sandbox, simulator), *_codes(sandbox, simulator), *_shapes(sandbox, simulator)]
    operation = operation_of(asked)
    return [Difference(operation, *row, (n,), note if row[0] == STATUS else "") for row in found]


def grouped(found: Iterable[Difference]) -> tuple[Difference, ...]:
    """Give each difference once, with all exchanges that show it, by operation and path."""
    rows: dict[Difference, list[int]] = {}
    for one in found:
        rows.setdefault(replace(one, exchanges=()), []).extend(one.exchanges)
    made = [replace(one, exchanges=tuple(dict.fromkeys(shown))) for one, shown in rows.items()]
    order = (STATUS, CODE, MEDIA, MISSING, EXTRA, TYPE)
    return tuple(sorted(made, key=lambda one: (one.operation, order.index(one.kind), one.path, one.sandbox)))


def count_values(sandbox: Any, simulator: Any) -> int:
    """Count the paths that both have, whose values are not the same: ids, times, words, texts."""
    theirs, ours = _values(sandbox), _values(simulator)
    return sum(theirs[path] != ours[path] for path in theirs.keys() & ours.keys())


def _values(value: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, one in leaves(value):
        found.setdefault(path, []).append(repr(one))
    return found


def _is_fixed(part: str) -> bool:
    return is_path_word(part) or (part[:1] == "v" and part[1:].isdecimal())


def _media(sandbox: Answered, simulator: Answered) -> Iterator[tuple[str, str, str, str]]:
    theirs, ours = ((one.body.media or one.body.kind) for one in (sandbox, simulator))
    if theirs != ours:
        yield MEDIA, "", theirs, ours


def _outcome(answered: Answered) -> str:
    return f"{answered.status} {', '.join(value for _, value in _code_leaves(answered))}".strip()


def _code_leaves(answered: Answered) -> Iterator[tuple[str, str]]:
    names = _CODES if answered.status >= 400 else _OUTCOMES
    for path, value in leaves(answered.body.value if answered.body.kind == "json" else None):
        if plain(path.rpartition(".")[2].replace("[*]", "")) in names and value is not None:
            yield path, str(value)


def _codes(sandbox: Answered, simulator: Answered) -> Iterator[tuple[str, str, str, str]]:
    theirs: dict[str, set[str]] = {}
    ours: dict[str, set[str]] = {}
    for answered, into in ((sandbox, theirs), (simulator, ours)):
        for path, value in _code_leaves(answered):
            into.setdefault(path, set()).add(value)
    for path in sorted(theirs.keys() & ours.keys()):
        if theirs[path] != ours[path]:
            yield CODE, path, ", ".join(sorted(theirs[path])), ", ".join(sorted(ours[path]))


def _shapes(sandbox: Answered, simulator: Answered) -> Iterator[tuple[str, str, str, str]]:
    if sandbox.body.kind != "json" or simulator.body.kind != "json":
        return
    theirs, ours = shape_of(sandbox.body.value), shape_of(simulator.body.value)
    for path in sorted(theirs.keys() | ours.keys()):
        above = parent_of(path)
        # What stands in something that only one side has, or has as something else, is told with that.
        if above and not ({"object", "array"} & theirs.get(above, set()) & ours.get(above, set())):
            continue
        if path.endswith("[*]") and (path not in theirs or path not in ours):
            continue  # one of the lists is empty, so that nothing is known of its elements
        have, has = theirs.get(path), ours.get(path)
        if have is None or has is None:
            kind = EXTRA if have is None else MISSING
            yield kind, path, _said(have), _said(has)
        elif have != has:
            yield TYPE, path, _said(have), _said(has)


def _said(types: frozenset[str] | None) -> str:
    return NOTHING if types is None else " or ".join(sorted(types))
