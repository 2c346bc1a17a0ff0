"""A recording: one JSON object a line, first what it is of, then each exchange as it ended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from badgateway.errors import EnvironmentProblem, InputError, Problem

SCHEMA = "badgateway.recording/1"
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Body:
    """What was sent or answered: JSON, a form's pairs, or only how many bytes of which type there were."""

    kind: str  # none | json | form | opaque
    value: Any = None
    media: str = ""  # of an opaque one
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A request without anything secret; its path is without the upstream's own."""

    method: str
    path: str
    query: Pairs = ()
    headers: Pairs = ()
    body: Body = Body("none")


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer without anything secret."""

    status: int
    headers: Pairs = ()
    body: Body = Body("none")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call, numbered from 1 in the order of arrival; no answer: `problem` says what kept it away."""

    n: int
    at_ms: int  # since the recording began
    took_ms: int
    request: Asked
    reply: Answered | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """What a sandbox answered, in the order in which it was asked."""

    provider: str
    upstream: str
    exchanges: tuple[Exchange, ...] = ()


class Tape:
    """Writes a recording; each line is with the operating system before the next request is read."""

    def __init__(self, path: Path, provider: str, upstream: str) -> None:
        """Begin a file that is not there yet; raises InputError where it is, EnvironmentProblem."""
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("xb", buffering=0)
        except FileExistsError:
            raise InputError(f"{path} is there already: move it away, or say --out FILE") from None
        except OSError as error:
            raise EnvironmentProblem(f"the recording {path} cannot be written: {error.strerror}") from error
        self._write({"schema": SCHEMA, "provider": provider, "upstream": upstream})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def keep(self, exchange: Exchange) -> None:
        """Append one exchange; raises EnvironmentProblem where the disk refuses it."""
        self._write(asdict(exchange))

    def _write(self, line: Mapping[str, Any]) -> None:
        text = json.dumps(line, ensure_ascii=True, separators=(",", ":"))
        rest = memoryview(f"{text}\n".encode())
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise EnvironmentProblem(
                f"the recording {self.path} cannot be written: {error.strerror}"
            ) from error


def read_recording(path: Path) -> Recording:
    """Read a recording, in the order of arrival; raises InputError that names the first line that is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(path, 0, f"the recording cannot be read: {error}") from None
    if not lines:
        raise _unusable(path, 0, "the recording is empty")
    head = _json(path, 1, lines[0])
    if head.get("schema") != SCHEMA or not {"provider", "upstream"} <= set(head):
        raise _unusable(path, 1, f"this is no recording: its first line does not say {SCHEMA}")
    found = [_exchange(path, n, _json(path, n, line)) for n, line in enumerate(lines[1:], start=2)]
    ordered = tuple(sorted(found, key=lambda one: one.n))
    return Recording(str(head["provider"]), str(head["upstream"]), ordered)


def _exchange(path: Path, line: int, told: Mapping[str, Any]) -> Exchange:
    try:
        asked, answered = told["request"], told["reply"]
        assert asked["method"] in _METHODS, "its method is none"
        assert asked["path"].startswith("/"), "its path is none"
        request = Asked(
            asked["method"],
            asked["path"],
            _pairs(asked["query"]),
            _pairs(asked["headers"]),
            _body(asked["body"]),
        )
        reply = None
        if answered is not None:
            reply = Answered(int(answered["status"]), _pairs(answered["headers"]), _body(answered["body"]))
        times = (int(told["n"]), int(told["at_ms"]), int(told["took_ms"]))
        return Exchange(*times, request, reply, told["problem"])
    except (KeyError, TypeError, ValueError, AttributeError, AssertionError) as error:
        raise _unusable(path, line, f"this is no exchange of a recording: {error}") from None


def _pairs(told: Any) -> Pairs:
    return tuple((str(name), str(value)) for name, value in told)


def _body(told: Mapping[str, Any]) -> Body:
    if told["kind"] not in {"none", "json", "form", "opaque"}:
        raise ValueError(f"a body of the kind {told['kind']!r}")
    value = _pairs(told["value"]) if told["kind"] == "form" else told["value"]
    return Body(told["kind"], value, str(told["media"]), int(told["bytes"]))


def _json(path: Path, line: int, text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unusable(path, line, f"this is no JSON: {error}") from None
    if not isinstance(found, dict):
        raise _unusable(path, line, "this is no JSON object")
    return found


def _unusable(path: Path, line: int, what: str) -> InputError:
    mend = "record it again with badgateway record"
    return InputError([Problem(str(path), line, 1 if line else 0, what, mend)])
