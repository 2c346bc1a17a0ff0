"""The head of an ordinary answer as bytes; all others are left to uvicorn, which looks at each header."""

from __future__ import annotations

import re

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from badgateway.ground.message import Headers

BODILESS = (204, 304)
NAMES_MAX = 1000  # that are remembered; there are some dozens, unless a scenario invents them
OURS = ("content-length", "transfer-encoding")  # written here, whatever a reply says

_PLAIN = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110, 5.1
_SAYS_MORE = (*OURS, "connection")  # and so changes how an answer is sent
_STARTS = {
    status: line.decode("ascii").removesuffix("\r\n")
    for status, line in STATUS_LINE.items()
    if status >= 200 and status not in BODILESS
}


def head_of(status: int, headers: Headers, length: int) -> bytes | None:
    """Give the head of an answer with a body of this length in bytes; None: it is no ordinary one."""
    start = _STARTS.get(status)
    if start is None:
        return None
    pieces = [start]
    for name, value in headers:
        begin = LINES[name]
        if begin is None or not value.isprintable():
            return None
        pieces.append(begin)
        pieces.append(value)
    pieces.append(f"\r\ncontent-length: {length}\r\n\r\n")
    try:
        return "".join(pieces).encode("latin-1")
    except UnicodeEncodeError:
        return None


class _Lines(dict[str, str | None]):
    """Name of a header -> a line break, and how its line begins; None: it is no ordinary one."""

    def __missing__(self, name: str) -> str | None:
        begin = f"\r\n{name}: " if _is_ordinary(name) else None
        if len(self) < NAMES_MAX:
            self[name] = begin
        return begin


def _is_ordinary(name: str) -> bool:
    return _PLAIN.fullmatch(name) is not None and name not in _SAYS_MORE


LINES = _Lines()
