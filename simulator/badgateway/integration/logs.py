"""What the process writes: the last lines, redacted and bounded, in memory and in a file."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from badgateway.ground.redact import redact

LINES_MAX = 200
LINE_CHARACTERS_MAX = 2_000
FILE_BYTES_MAX = 8 << 20
_LINE_BYTES_MAX = 64 << 10
_CHUNK_BYTES = 16 << 10
# What is cut off an overlong line, so that no first half of a secret stays at its end.
_OVERLAP = 256


class LogTail:
    """Drains one stream for as long as it is open; nothing is kept unredacted."""

    def __init__(
        self, path: Path, secrets: Iterable[str], look: Callable[[str], bool] = lambda _: False
    ) -> None:
        self._path, self._secrets = path, tuple(secrets)
        self._look = look  # sees each line before anything is taken out, and says whether a canary is in it
        self._lines: deque[str] = deque(maxlen=LINES_MAX)
        self._written = 0

    def text(self, lines: int = 40) -> str:
        """Give the last lines."""
        return "\n".join(list(self._lines)[-lines:])

    async def drain(self, stream: asyncio.StreamReader) -> None:
        """Read to the end of the stream. What a reader does not take, the process would block on."""
        rest, is_skipping = b"", False
        with self._path.open("ab") as file:
            while chunk := await stream.read(_CHUNK_BYTES):
                *whole, rest = (rest + chunk).split(b"\n")
                for line in whole:
                    if not is_skipping:
                        self._keep(line, file)
                    is_skipping = False
                if is_skipping:
                    rest = b""
                elif len(rest) > _LINE_BYTES_MAX:
                    self._keep(rest, file, is_cut=True)
                    rest, is_skipping = b"", True
                file.flush()
            if rest and not is_skipping:
                self._keep(rest, file)

    def _keep(self, raw: bytes, file: BinaryIO, *, is_cut: bool = False) -> None:
        said = raw.decode("utf-8", "replace").rstrip("\r")
        # A canary may stand in a form that redaction does not know.
        line = "[a line with a canary in it]" if self._look(said) else redact(said, self._secrets)
        if is_cut:
            line = line[:-_OVERLAP] + " [line cut]"
        self._lines.append(
            line if len(line) <= LINE_CHARACTERS_MAX else line[:LINE_CHARACTERS_MAX] + " [cut]"
        )
        data = f"{line}\n".encode()
        if self._written < FILE_BYTES_MAX:
            self._written += len(data)
            file.write(
                data if self._written < FILE_BYTES_MAX else b"[the log is longer than badgateway keeps]\n"
            )
