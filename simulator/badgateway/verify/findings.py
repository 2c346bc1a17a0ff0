"""What Schemathesis reports, event by event as lines of JSON, read into our own records."""

from __future__ import annotations

import base64
import binascii
import json
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from badgateway.ground.redact import redact
from badgateway.verify.model import Failure, Fuzzed

_TEXT_MAX = 400
_PROBLEMS_MAX = 20
# Headers that the tool or its HTTP client adds by itself; a request without them is the same request.
_OWN_HEADERS = {"user-agent", "accept", "accept-encoding", "connection", "content-length", "host"}


@dataclass(frozen=True, slots=True)
class Findings:
    """What the events say. `unreadable`: why the document was not tried at all."""

    operations: tuple[Fuzzed, ...]
    problems: tuple[str, ...]
    unreadable: str | None = None


def read_events(lines: Iterable[str]) -> Findings:
    """Read the events of one run; one that was broken off, or left an operation out, has problems."""
    reader = _Reader()
    for kind, event in _events(lines):
        reader.take(kind, event)
    return reader.findings()


class _Reader:
    """Gathers events by operation."""

    def __init__(self) -> None:
        self._cases: dict[str, set[str]] = {}
        self._failures: dict[str, dict[tuple[str, str], Failure]] = {}
        self._problems: dict[str, None] = {}
        self._unreadable: str | None = None
        self._selected, self._is_finished = 0, False

    def take(self, kind: str, event: Mapping[str, Any]) -> None:
        """Take one event; those that say nothing about an outcome are passed over."""
        match kind:
            case "LoadingFinished":
                self._selected = int(event["statistic"]["operations"]["selected"])
            case "ScenarioFinished":
                self._take_scenario(event["recorder"])
            case "NonFatalError":
                self._note(f"{event.get('label')}: {event['value']['message']}")
            case "SchemaAnalysisWarnings":
                for warning in event["warnings"]:
                    self._note(_warned(warning))
            case "FatalError":
                self._unreadable = _clipped(str(event["exception"]["message"]))
            case "EngineFinished":
                self._is_finished = event.get("stop_reason", "completed") == "completed"

    def findings(self) -> Findings:
        """Give what all events together say."""
        operations = tuple(
            Fuzzed(label, len(cases), tuple(self._failures.get(label, {}).values()))
            for label, cases in sorted(self._cases.items())
        )
        if self._unreadable is None:
            tried = sum(1 for operation in operations if operation.cases)
            if not self._is_finished:
                self._note("Schemathesis broke off before its end")
            if tried < max(self._selected, 1):
                self._note(f"{tried} of {self._selected} operations were tried")
        return Findings(operations, tuple(self._problems)[:_PROBLEMS_MAX], self._unreadable)

    def _take_scenario(self, recorder: Mapping[str, Any]) -> None:
        label = str(recorder["label"])
        self._cases.setdefault(label, set()).update(recorder.get("checks") or ())
        for key, failure in _failures(recorder):
            self._failures.setdefault(label, {}).setdefault(key, failure)

    def _note(self, problem: str) -> None:
        self._problems[_clipped(problem)] = None


def _events(lines: Iterable[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for line in lines:
        try:
            event = json.loads(line) if line.strip() else {}
        except ValueError:
            continue  # the last line of a run that was killed
        yield from event.items()


def _failures(recorder: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Failure]]:
    for case, checks in (recorder.get("checks") or {}).items():
        for check in checks:
            if check["status"] != "failure":
                continue
            info = check["failure_info"]["failure"]
            told = " ".join(f"{info.get('title')}: {info.get('message') or ''}".split())
            curl = _curl(recorder["interactions"][case]["request"])
            # The same fault shows in many cases; the first one stands for all.
            yield (str(check["name"]), str(info.get("title"))), Failure(check["name"], _clipped(told), curl)


def _curl(request: Mapping[str, Any]) -> str:
    """Give a line for a shell that sends a request again, byte by byte."""
    words = ["curl", "-i", "-X", str(request["method"])]
    for name, values in (request.get("headers") or {}).items():
        if name.lower() not in _OWN_HEADERS:
            # An empty value is written with a semicolon: with a colon, curl leaves the header out.
            words += [
                piece for value in values for piece in ("-H", f"{name}: {value}" if value else f"{name};")
            ]
    encoded = (request.get("body") or {}).get("$base64")
    before = ""
    if encoded is not None:
        text = _plain(encoded)
        if text is not None:
            words += ["--data-raw", text]
        else:
            before, words = f"echo {encoded} | base64 -d | ", [*words, "--data-binary", "@-"]
    return redact(before + shlex.join([*words, str(request["uri"])]))


def _plain(encoded: str) -> str | None:
    """Give a body as text that an argument of a command can hold, or None."""
    try:
        text = base64.b64decode(encoded).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return None if "\0" in text else text


def _warned(warning: Mapping[str, Any]) -> str:
    place, what = warning.get("operation_label"), warning.get("reference") or warning.get("subject")
    return _clipped(f"{place}: {what} leads nowhere in the document")


def _clipped(text: str) -> str:
    return redact(text)[:_TEXT_MAX]
