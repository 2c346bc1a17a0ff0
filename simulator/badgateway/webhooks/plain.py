"""Ordinary answers to a webhook, told from all that a whole parser has to look at."""

from __future__ import annotations

import re
from functools import lru_cache

OFTEN_BYTES_MAX = 1024

_HEAD = re.compile(
    rb"HTTP/1\.1 ([2-5][0-9][0-9])(?: [ -~]{0,99})?\r\n"
    rb"(?:[A-Za-z0-9-]{1,99}: [!-~][ -~]{0,999}\r\n){1,50}\r\n"
)
_LENGTH = re.compile(rb"^content-length: ([0-9]{1,5})\r$", re.MULTILINE)
# Words in names and values by which an answer is read in another way.
_SPECIAL = re.compile(rb"connection|encoding|upgrade|content-length")
_KEPT = b"\nconnection: keep-alive\r\n"  # which goes without saying
_NO_CONTENT, _NOT_MODIFIED = 204, 304


def plain_status(data: bytes) -> int | None:
    """Give the status of a whole answer after which its connection is free again.

    None: there is less or more than one, or it has to be looked at by a whole parser.
    """
    # An endpoint nearly always answers with the same bytes, at least within one second.
    return _known_status(data) if len(data) <= OFTEN_BYTES_MAX else _status(data)


def _status(data: bytes) -> int | None:
    head = _HEAD.match(data)
    if head is None:
        return None
    status, text = int(head[1]), head[0].lower()
    special = _SPECIAL.findall(text)
    if _KEPT in text:
        special.remove(b"connection")
    if status == _NO_CONTENT:
        is_whole = not special and len(data) == head.end()
    else:
        length = _LENGTH.search(text) if special == [b"content-length"] else None
        is_whole = length is not None and len(data) == head.end() + int(length[1])
    return status if is_whole and status != _NOT_MODIFIED else None


_known_status = lru_cache(maxsize=128)(_status)
