"""What pages for shoppers have in common: how they are answered, and how a shopper comes back to the shop."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, urlencode

from badgateway.ground.message import Headers, Reply

_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action *"),
    ("Referrer-Policy", "no-referrer"),
)
_SHELL = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title>"
    "<body style='font:1rem/1.5 sans-serif;max-width:30rem;margin:4rem auto'><h1>{title}</h1>{content}</body>"
)


def page(status: int, title: str, content: str) -> Reply:
    """Show a small page; the content is HTML."""
    return Reply(status, _SHELL.format(title=title, content=content).encode(), _HEADERS)


def nothing_here() -> Reply:
    """Say that an address leads nowhere."""
    text = "<p>The address is wrong, or the simulator was started anew since it was made.</p>"
    return page(404, "There is nothing here", text)


def back_to_shop(url: str, told: Iterable[tuple[str, str]]) -> Reply:
    """Send a shopper back to the shop, with what it needs to go on; to nowhere, where it named no address."""
    if not url:
        return page(200, "You can close this page now", "<p>The shop knows how it ended.</p>")
    return onward(with_query(url, told))


def with_query(url: str, told: Iterable[tuple[str, str]]) -> str:
    """Add parameters to those that an address has already."""
    base, mark, fragment = url.partition("#")
    path, _, query = base.partition("?")
    pairs = [*parse_qsl(query, keep_blank_values=True), *told]
    return f"{path}?{urlencode(pairs)}{mark}{fragment}"


def onward(url: str, headers: Headers = _HEADERS[1:]) -> Reply:
    """Send a browser on, with these headers beside; what does not belong into an address is quoted."""
    return Reply(303, b"", (("Location", quote(url, safe="%/:=&?~#+!$,;'@()*[]{}")), *headers))
