"""The head of an ordinary answer as bytes; all others are left to uvicorn, which looks at each header."""

from __future__ import annotations

from functools import lru_cache

from uvicorn.protocols.http.httptools_impl import HEADER_RE, STATUS_LINE

from badgateway.ground.message import Headers

BODILESS = (204, 304)
OURS = ("content-length", "transfer-encoding")  # written here, whatever a reply says

_SAYS_MORE = (*OURS, "connection")  # and so changes how an answer is sent
_STARTS = {
    status: line.decode("ascii")
    for status, line in STATUS_LINE.items()
    if status >= 200 and status not in BODILESS
}


def head_of(status: int, headers: Headers, length: int) -> bytes | None:
    """Give the head of an answer with a body of this length in bytes; None: it is no ordinary one."""
    start = _STARTS.get(status)
    if start is None:
        return None
    lines = [start]
    for name, value in headers:
        if not _is_ordinary(name) or not value.isprintable():
            return None
        lines.append(f"{name}: {value}\r\n")
    lines.append(f"content-length: {length}\r\n\r\n")
    try:
        return "".join(lines).encode("latin-1")
    except UnicodeEncodeError:
        return None


@lru_cache(maxsize=1000)  # there are some dozens, unless a scenario invents them
def _is_ordinary(name: str) -> bool:
    is_plain = name.isascii() and name == name.lower() and name not in _SAYS_MORE
    return is_plain and HEADER_RE.search(name.encode("ascii")) is None
