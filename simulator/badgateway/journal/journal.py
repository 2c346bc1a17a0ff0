"""The append-only record of one play, kept in memory and, where a path is given, on disk at once."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from badgateway.errors import EnvironmentProblem
from badgateway.ground.clock import Clock, monotonic_ms
from badgateway.ground.redact import may_hide, redact
from badgateway.journal.entry import Entry
from badgateway.journal.form import Form, form_of
from badgateway.journal.ndjson import FIRST_HASH, line_of
from badgateway.journal.resuming import Earlier
from badgateway.journal.shape import ordered

DEPTH_MAX = 60
TOGETHER_MAX = 500  # notes whose texts are looked at in one go
_AS_THEY_ARE = frozenset({int, bool, type(None)})

_BOUNDED = Form("run.bounded", "what", "limit")

Note = tuple[int, float, Form, str | None, tuple[Any, ...]]  # virtual and real time, form, order, values


class Journal:
    """Entries in the order in which they happened, numbered from 1; never changed once written.

    Without a file, what is written is only noted at first: its texts are looked through for secrets when
    somebody reads it, and nobody reads most of what a provider notes that serves for days.
    """

    def __init__(
        self,
        clock: Clock,
        path: Path | None = None,
        secrets: Sequence[str] = (),
        entries_max: int = 200_000,
        earlier: Earlier | None = None,
        kept_max: int | None = None,
    ) -> None:
        """Begin a journal, or go on with what stands in its file already.

        With `kept_max`, no more than about so many entries stay in memory: older ones are in the file alone.
        """
        self._entries: list[Entry] = list(earlier.entries) if earlier else []
        self._notes: list[Note] = []  # what was written behind them
        self.count = len(self._entries)  # of all entries, in memory or not
        self._kept_max = sys.maxsize if kept_max is None else kept_max
        self._crowded_at = 2 * self._kept_max  # entries, of which so many are in memory
        self.is_full = bool(self._entries) and self._entries[-1].kind == "run.bounded"
        self.clock = clock
        self._secrets = tuple(secret for secret in secrets if secret)
        self._entries_max = entries_max
        self._started_ms = monotonic_ms()
        self._hash = earlier.last_hash if earlier else FIRST_HASH
        self._path = path
        self._file = None
        if path is not None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                # Unbuffered: a line is with the operating system before write() returns, and survives a kill.
                self._file = path.open("ab" if earlier else "wb", buffering=0)
            except OSError as error:
                raise EnvironmentProblem(f"the journal {path} cannot be written: {error}") from error

    @property
    def entries(self) -> list[Entry]:
        """Give the entries that are in memory: whole, in order, and without secrets."""
        if self._notes:
            first, made = self.count - len(self._notes) + 1, []
            for start in range(0, len(self._notes), TOGETHER_MAX):
                some = self._notes[start : start + TOGETHER_MAX]
                made += self._entries_of(some, first + start)
            # Only once all are made: who is interrupted on the way reads them again, and none twice.
            self._entries += made
            self._notes.clear()
        return self._entries

    def write(self, kind: str, order: str | None = None, /, **data: Any) -> None:
        """Append one entry; a nullable field that is left out is null. When full, the last one says so.

        Raises EnvironmentProblem where the disk refuses the line.
        """
        self.note(form_of(kind, tuple(data)), order, tuple(data.values()))

    def note(self, form: Form, order: str | None, values: tuple[Any, ...]) -> None:
        """Append one entry as `write` does, with a value for each name of its form.

        It is for what each request writes: no names travel with it.
        """
        if self.is_full:
            return
        loose = form.loose[tuple(map(type, values))]
        if loose is None:
            raise AssertionError(form.complaint(values))
        if self.count >= self._entries_max - 1:
            self.is_full = True
            form, order, values, loose = _BOUNDED, None, ("journal entries", self._entries_max), ()
        for place in loose:
            settled = self._settled(values[place])
            if settled is not values[place]:
                values = (*values[:place], settled, *values[place + 1 :])
        note = (self.clock.now_ms(), monotonic_ms(), form, order, values)
        if self._file is None:
            self._notes.append(note)
        else:
            (entry,) = self._entries_of([note], self.count + 1)
            self._write_line(entry)
            self._entries.append(entry)
        self.count += 1
        if self.count >= self._crowded_at:
            self._forget(self._kept_max)

    def close(self) -> None:
        """Close the file; entries stay readable."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _entries_of(self, notes: list[Note], first: int) -> list[Entry]:
        """Make entries of notes that are numbered from `first`; their texts are looked at together."""
        is_suspect = self._may_hide([text for note in notes for text in _texts_of(note)])
        entries = []
        for seq, note in enumerate(notes, first):
            at_ms, noted_ms, form, order, values = note
            if is_suspect and self._may_hide(_texts_of(note)):
                values = tuple([self._redacted(one) if type(one) is str else one for one in values])
            real_ms = int((noted_ms - self._started_ms) * 1000) / 1000
            data = ordered(form.kind, form.data(values))
            entries.append(Entry(seq, at_ms, real_ms, form.kind, order, data))
        return entries

    def _write_line(self, entry: Entry) -> None:
        assert self._file is not None, "the journal has a file"
        line, self._hash = line_of(entry, self._hash)
        rest = memoryview(f"{line}\n".encode())
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise EnvironmentProblem(f"the journal {self._path} cannot be written: {error}") from error

    def _forget(self, kept_max: int) -> None:
        """Leave the newest entries in memory, so many."""
        if len(self._notes) >= kept_max:
            self._entries.clear()
            del self._notes[:-kept_max]
        else:
            del self._entries[: len(self._notes) - kept_max]
        self._crowded_at = self.count + kept_max

    def _settled(self, value: Any) -> Any:
        """Give a value for good: what could change is copied, and what is secret in it is hidden."""
        kind = type(value)
        if kind is float:
            assert math.isfinite(value), "a journal entry holds no infinities"
            return value
        if kind is list and _AS_THEY_ARE.issuperset(map(type, value)):
            return value.copy()  # numbers of the ledger, nearly always
        texts: list[str] = []
        copied = _rebuilt(value, 0, _noting(texts))
        return _plain(copied, 0, self._redacted) if self._may_hide(texts) else copied

    def _may_hide(self, texts: list[str]) -> bool:
        """Say whether one of some texts may have to be changed; nearly always, none has."""
        joined = "\n".join(texts)
        return not (joined.isascii() or _is_utf_8(joined)) or may_hide(joined, self._secrets)

    def _redacted(self, text: str) -> str:
        text = redact(text, self._secrets)
        # Half of a surrogate pair, as broken JSON may carry it, has no place in UTF-8.
        return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def _texts_of(note: Note) -> list[str]:
    return [value for value in note[4] if type(value) is str]


def _noting(texts: list[str]) -> Callable[[str], str]:
    """Give what keeps a text as it is, and puts it into a list."""

    def kept(text: str) -> str:
        texts.append(text)
        return text

    return kept


def _is_utf_8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _plain(value: Any, depth: int, kept: Callable[[str], str]) -> Any:
    """Copy a value into plain JSON, so that a later change of the original cannot change the record."""
    kind = type(value)
    if kind is str:
        return kept(value)
    return value if kind in _AS_THEY_ARE else _rebuilt(value, depth, kept)


def _rebuilt(value: Any, depth: int, kept: Callable[[str], str]) -> Any:
    assert depth <= DEPTH_MAX, "a journal entry is nested too deeply"
    match value:
        case str():
            return kept(str(value))
        case int():
            return int(value)
        case float():
            assert math.isfinite(value), "a journal entry holds no infinities"
            return value
        case list() | tuple():
            return [_plain(item, depth + 1, kept) for item in value]
        case Mapping():
            return {str(key): _plain(item, depth + 1, kept) for key, item in value.items()}
        case set() | frozenset():
            return [_plain(item, depth + 1, kept) for item in sorted(value)]
    raise AssertionError(f"a journal entry holds plain values, not {type(value).__name__}")
