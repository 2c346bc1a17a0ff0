"""The only door to a real sandbox: requests go there with the caller's own credentials, bytes come back."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from badgateway.errors import InputError
from badgateway.ground.message import Headers, Request, find_header

CONNECT_S_MAX, SILENCE_S_MAX = 10.0, 80.0  # Stripe's own clients wait 80 s for an answer
# RFC 9110, section 7.6.1: of one connection only.
_HOP_BY_HOP_WORDS = """
    connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding
    upgrade
"""
_HOP_BY_HOP = frozenset(_HOP_BY_HOP_WORDS.split())


class Unreachable(Exception):
    """The upstream gave no answer, or no whole one."""


@dataclass(frozen=True, slots=True)
class Arriving:
    """An answer whose head is here; `pieces` gives its body, and raises Unreachable where it breaks off."""

    status: int
    headers: Headers
    pieces: AsyncIterator[bytes]


class Upstream:
    """Connections to one address; redirects are answers, no cookie is kept, no proxy or netrc is asked."""

    def __init__(self, url: str) -> None:
        """Take an address such as https://api.stripe.com; raises InputError where it is none."""
        self.url = _checked(url)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        # Made here and not by the library at its import, so that SSL_CERT_FILE counts as it is now.
        context = ssl.create_default_context()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, ssl=context),
            timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT_S_MAX, sock_read=SILENCE_S_MAX),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent", "Content-Type"),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    @asynccontextmanager
    async def asked(self, request: Request) -> AsyncIterator[Arriving]:
        """Send a request on, and give its answer while it arrives; raises Unreachable."""
        assert self._session is not None, "an upstream is used as a context manager"
        target = f"{self.url}{request.path}" + (f"?{request.query}" if request.query else "")
        try:
            async with self._session.request(
                request.method,
                URL(target, encoded=True),
                headers=[*_packable(end_to_end(request.headers))],
                data=request.body or None,
                allow_redirects=False,
            ) as answer:
                told = tuple(
                    (name.decode("latin-1").lower(), value.decode("latin-1"))
                    for name, value in answer.raw_headers
                )
                yield Arriving(answer.status, end_to_end(told), _pieces(answer))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unreachable(_reason(error)) from error


async def _pieces(answer: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    async for piece in answer.content.iter_any():
        yield piece


def end_to_end(headers: Headers) -> Headers:
    """Give the headers that a proxy passes on (RFC 9110, section 7.6.1)."""
    named = (find_header(headers, "connection") or "").lower().split(",")
    passed_over = _HOP_BY_HOP | {name.strip() for name in named}
    return tuple((name, value) for name, value in headers if name.lower() not in passed_over)


def _packable(headers: Headers) -> Headers:
    """Ask for no packing that a recording could not undo; host and length are said anew, the body is here."""
    out = []
    for name, value in headers:
        word = name.lower()
        if word == "accept-encoding":
            out.append((name, "gzip" if "gzip" in value else "identity"))
        elif word not in {"host", "content-length", "expect"}:
            out.append((name, value))
    return tuple(out)


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_well = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        is_well, parts = False, urlsplit("")
    if not is_well or parts.query or parts.fragment or parts.username is not None:
        raise InputError(
            "an upstream is an address such as https://api.stripe.com, without credentials and query"
        )
    return url.rstrip("/")


def _reason(error: Exception) -> str:
    match error:
        case TimeoutError():
            return "no answer in time"
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError():
            return "its certificate is not trusted here (SSL_CERT_FILE names further authorities)"
        case aiohttp.ClientConnectorError():
            return f"cannot connect: {error.os_error.strerror or type(error.os_error).__name__}"
        case aiohttp.ClientPayloadError():
            return "the answer broke off"
        case aiohttp.ServerDisconnectedError():
            return "it closed the connection without an answer"
    return type(error).__name__
