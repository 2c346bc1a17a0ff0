"""The journal as a file: one JSON object a line, whose hash also covers the line before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from badgateway.errors import InputError, Problem
from badgateway.ground.records import changed
from badgateway.journal.entry import Entry
from badgateway.journal.shape import misfits, whole

FIRST_HASH = hashlib.sha256(b"badgateway journal 1").hexdigest()
_CUT = "the last line is cut short, or the journal is empty"
_in_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_FIELDS = {"seq", "at_ms", "real_ms", "kind", "order", "data", "hash"}


def line_of(entry: Entry, previous: str) -> tuple[str, str]:
    """Give an entry's line, without its line end, and its hash; `previous` is the hash of the line before."""
    body = {
        "seq": entry.seq,
        "at_ms": entry.at_ms,
        "real_ms": entry.real_ms,
        "kind": entry.kind,
        "order": entry.order,
        "data": entry.data,
    }
    text = _in_json(body)
    chained = hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()
    return f'{text[:-1]},"hash":"{chained}"}}', chained


def write_journal(path: Path, entries: Iterable[Entry]) -> None:
    """Write a whole journal that was kept in memory."""
    previous, lines = FIRST_HASH, []
    for entry in entries:
        line, previous = line_of(entry, previous)
        lines.append(line + "\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines), encoding="utf-8")


def read_journal(path: Path) -> tuple[Entry, ...]:
    """Read a journal and verify its chain and shape; raises InputError that names the first damaged line."""
    return tuple(each_entry(path))


def each_entry(path: Path) -> Iterator[Entry]:
    """Read a journal entry by entry, however long it is, and verify it on the way; raises InputError."""
    previous, number = FIRST_HASH, 0
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            for number, line in enumerate(file, start=1):
                if not line.endswith("\n"):
                    raise _damaged(path, number, _CUT)
                entry, previous = _read_line(path, number, line[:-1], previous)
                yield entry
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(path, 0, f"the journal cannot be read: {error}") from error
    if not number:
        raise _damaged(path, 1, _CUT)


def _read_line(path: Path, number: int, line: str, previous: str) -> tuple[Entry, str]:
    try:
        body: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _damaged(path, number, f"this is no JSON: {error}") from error
    if not isinstance(body, Mapping) or set(body) != _FIELDS or not isinstance(body["data"], Mapping):
        raise _damaged(path, number, "this is no journal entry")
    # A journal of an older version lacks the fields that came later: they are null, and it can be judged.
    full = whole(str(body["kind"]), body["data"])
    if wrong := misfits(str(body["kind"]), full):
        raise _damaged(path, number, wrong[0])
    entry = Entry(**{name: body[name] for name in body if name != "hash"})
    rebuilt, chained = line_of(entry, previous)
    # The line is written again from what was read: so no byte of it can differ unnoticed.
    if entry.seq != number or rebuilt != line:
        raise _damaged(path, number, "the chain is broken here: this line or the one before was changed")
    return changed(entry, data=full), chained


def _damaged(path: Path, line: int, what: str) -> InputError:
    mend = "use an undamaged copy, or play the run again with badgateway replay"
    return InputError([Problem(str(path), line, 1 if line else 0, what, mend)])
