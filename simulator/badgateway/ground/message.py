"""One HTTP request and one HTTP answer as plain values, without sockets."""

from __future__ import annotations

from msgspec import Struct

from badgateway.ground.records import changed

Headers = tuple[tuple[str, str], ...]


def find_header(headers: Headers, name: str) -> str | None:
    """Give the first value of a header by its name, whatever the case."""
    wanted, length = name.lower(), len(name)
    for key, value in headers:
        if len(key) == length and key.lower() == wanted:
            return value
    return None


class Request(Struct, frozen=True, gc=False):
    """An HTTP request: target path still percent-encoded, query without its question mark."""

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Give the first value of a header, or None."""
        return find_header(self.headers, name)


class Reply(Struct, frozen=True, gc=False):
    """An HTTP answer; Content-Length is written by the edge."""

    status: int
    body: bytes = b""
    headers: Headers = (("content-type", "application/json"),)

    def header(self, name: str) -> str | None:
        """Give the first value of a header, or None."""
        return find_header(self.headers, name)

    def with_header(self, name: str, value: str) -> Reply:
        """Give a copy in which one header has this value."""
        kept = tuple((key, old) for key, old in self.headers if key.lower() != name.lower())
        return changed(self, headers=(*kept, (name, value)))
