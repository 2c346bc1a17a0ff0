"""The append-only record of one play, kept in memory and, where a path is given, on disk at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from badgateway.errors import EnvironmentProblem
from badgateway.ground.clock import Clock, monotonic_ms
from badgateway.ground.redact import may_hide, redact
from badgateway.journal.entry import Entry
from badgateway.journal.ndjson import FIRST_HASH, line_of
from badgateway.journal.resuming import Earlier
from badgateway.journal.shape import misfits, ordered, whole

DEPTH_MAX = 60
_AS_THEY_ARE = frozenset({int, bool, type(None)})


class Journal:
    """Entries in the order in which they happened, numbered from 1; never changed once written."""

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
        self.entries: list[Entry] = list(earlier.entries) if earlier else []
        self.count = len(self.entries)  # of all entries, in memory or not
        self._kept_max = kept_max
        self.is_full = bool(self.entries) and self.entries[-1].kind == "run.bounded"
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

    def write(self, kind: str, order: str | None = None, /, **data: Any) -> Entry:
        """Append one entry; a nullable field that is left out is null. When full, gives the closing entry.

        Raises EnvironmentProblem where the disk refuses the line.
        """
        if self.is_full:
            return self.entries[-1]
        full = ordered(kind, data)
        assert full is not None, "; ".join(misfits(kind, whole(kind, data)))
        if self.count >= self._entries_max - 1:
            self.is_full = True
            return self._append("run.bounded", None, {"what": "journal entries", "limit": self._entries_max})
        return self._append(kind, order, self._recorded(full))

    def close(self) -> None:
        """Close the file; entries stay readable."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _append(self, kind: str, order: str | None, data: Mapping[str, Any]) -> Entry:
        real_ms = int((monotonic_ms() - self._started_ms) * 1000) / 1000
        entry = Entry(self.count + 1, self.clock.now_ms(), real_ms, kind, order, data)
        if self._file is not None:
            line, self._hash = line_of(entry, self._hash)
            rest = memoryview(f"{line}\n".encode())
            try:
                while rest:
                    rest = rest[self._file.write(rest) :]
            except OSError as error:
                raise EnvironmentProblem(f"the journal {self._path} cannot be written: {error}") from error
        self.entries.append(entry)
        self.count += 1
        if self._kept_max is not None and len(self.entries) >= 2 * self._kept_max:
            del self.entries[: -self._kept_max]
        return entry

    def _recorded(self, full: dict[str, Any]) -> dict[str, Any]:
        """Give the fields of an entry for good: what could change is copied, what is secret is hidden."""
        texts: list[str] = []
        for name, value in full.items():
            kind = type(value)
            if kind is str:
                texts.append(value)
            elif kind is float:
                assert math.isfinite(value), "a journal entry holds no infinities"
            elif kind not in _AS_THEY_ARE:
                full[name] = _rebuilt(value, 0, _noting(texts))
        whole_text = "\n".join(texts)
        # One look at all texts together: nearly every entry has nothing to hide.
        if (whole_text.isascii() or _is_utf_8(whole_text)) and not may_hide(whole_text, self._secrets):
            return full
        return {name: _plain(value, 0, self._redacted) for name, value in full.items()}

    def _redacted(self, text: str) -> str:
        text = redact(text, self._secrets)
        # Half of a surrogate pair, as broken JSON may carry it, has no place in UTF-8.
        return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


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
