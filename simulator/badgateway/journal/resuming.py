"""A journal that is written on by the next process: read and verified, without a last line that was cut."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from badgateway.errors import EnvironmentProblem, InputError, Problem
from badgateway.journal.entry import Entry
from badgateway.journal.ndjson import read_journal

BYTES_MAX = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Earlier:
    """What stands in a journal already, and the hash that its next line goes on from."""

    entries: tuple[Entry, ...]
    last_hash: str


@contextmanager
def held(directory: Path) -> Iterator[None]:
    """Keep a directory to this process; raises EnvironmentProblem where another has it, or it cannot be made.

    The hold ends with the process, however that ends.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        file = (directory / "lock").open("w")
    except OSError as error:
        raise EnvironmentProblem(f"the state directory {directory} cannot be used: {error}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise EnvironmentProblem(f"another process serves the state in {directory}") from error
        yield


def read_earlier(path: Path) -> Earlier | None:
    """Read a journal to go on with, or give None where there is none yet.

    A process that is killed while it writes leaves half a line; what that line was to say had not been
    answered to anybody, so it is taken off the file. Raises InputError for any other damage.
    """
    if not path.exists() or not path.stat().st_size:
        return None
    if path.stat().st_size > BYTES_MAX:
        what = f"a journal of more than {BYTES_MAX} bytes is not gone on with"
        raise InputError([Problem(str(path), 0, 0, what, "begin with another directory")])
    last = _cut(path)
    if last is None:
        return None
    entries = read_journal(path)
    return Earlier(entries, str(json.loads(last)["hash"]))


def _cut(path: Path) -> bytes | None:
    """Take half a line off the end, and give the last whole one; None where there is none."""
    written = path.read_bytes()
    whole = written[: written.rfind(b"\n") + 1]
    if len(whole) < len(written):
        os.truncate(path, len(whole))
    return whole.removesuffix(b"\n").rpartition(b"\n")[2] if whole else None
