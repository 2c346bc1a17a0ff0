"""Makes what is written down of one exchange: parsed, hidden, and only then given away."""

from __future__ import annotations

import json
import zlib
from typing import Any
from urllib.parse import parse_qsl

from badgateway.drift.recording import Answered, Asked, Body, Pairs
from badgateway.drift.veil import Veil
from badgateway.ground.message import Headers, Reply, Request, find_header
from badgateway.providers.base import Dialect, Keeps

BODY_BYTES_MAX = 1 << 20  # of a body that is written down; longer ones are passed on and only counted
_PAIRS_MAX = 1000
_GZIP_OR_ZLIB = 47  # zlib's window size that takes either header


def asked(request: Request, veil: Veil, dialect: Dialect) -> Asked:
    """Give what may be written down of a request; `request.path` is without the upstream's own."""
    veil.learn(request.headers)
    if isinstance(dialect, Keeps):
        # The dialect knows its test cards, whose tokens say as much as their numbers, and are none.
        kept = dialect.kept(request)
        request = Request(request.method, request.path, kept.query, request.headers, kept.body)
    query = parse_qsl(request.query, keep_blank_values=True, max_num_fields=_PAIRS_MAX)
    return Asked(
        request.method,
        veil.path(request.path),
        _as_pairs(veil.pairs(query)),
        _as_pairs(veil.headers(request.headers)),
        body(request.body, request.headers, veil),
    )


def answered(reply: Reply, veil: Veil) -> Answered:
    """Give what may be written down of an answer."""
    headers = _as_pairs(veil.headers(reply.headers, is_answer=True))
    return Answered(reply.status, headers, body(reply.body, reply.headers, veil))


def body(content: bytes, headers: Headers, veil: Veil) -> Body:
    """Give what may be written down of a body; what cannot be understood is only counted."""
    if not content:
        return Body("none")
    media = (find_header(headers, "content-type") or "").partition(";")[0].strip().lower()
    opaque = Body("opaque", None, media, len(content))
    try:
        text = _unpacked(content, find_header(headers, "content-encoding")).decode()
        if media == "application/x-www-form-urlencoded":
            pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_PAIRS_MAX)
            return Body("form", _as_pairs(veil.pairs(pairs)), media, len(content))
        if media.endswith(("/json", "+json")):
            return Body("json", veil.value(json.loads(text, parse_constant=_refuse)), media, len(content))
    except (ValueError, RecursionError, zlib.error):
        return opaque
    return opaque


def _unpacked(content: bytes, encoding: str | None) -> bytes:
    """Undo gzip and deflate within the bound; raises ValueError for what is beyond it or otherwise packed."""
    if len(content) > BODY_BYTES_MAX:
        raise ValueError("the body is beyond its bound")
    if encoding in {None, "", "identity"}:
        return content
    if encoding not in {"gzip", "deflate"}:
        raise ValueError("the body is packed in another way")
    unpacking = zlib.decompressobj(_GZIP_OR_ZLIB)
    out = unpacking.decompress(content, BODY_BYTES_MAX)
    if unpacking.unconsumed_tail:
        raise ValueError("the body is beyond its bound")
    return out


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


def _as_pairs(listed: list[list[str]]) -> Pairs:
    return tuple((name, value) for name, value in listed)
