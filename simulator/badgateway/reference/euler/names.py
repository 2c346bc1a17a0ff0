"""Names that we give at Euler: short, of letters and digits, and the same whenever they are made again."""

from __future__ import annotations

import hashlib
import re

_PLAIN_ORDER = re.compile(r"[a-z0-9]{1,16}")  # whatever its case, an order_id is the same to Euler
_PLAIN_REQUEST = re.compile(r"[A-Za-z0-9]{1,20}")


def order_id_of(reference: str, n: int) -> str:
    """Give the order_id of an attempt to pay an order: each attempt is an order of its own at Euler.

    It is unique for good, so that asking twice can never charge twice.
    """
    plain = reference if _PLAIN_ORDER.fullmatch(reference) else f"h{_digest(reference)[:15]}"
    return f"{plain}A{n}"


def request_id_of(reference: str) -> str:
    """Give the unique_request_id of a refund."""
    return reference if _PLAIN_REQUEST.fullmatch(reference) else f"h{_digest(reference)[:19]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
