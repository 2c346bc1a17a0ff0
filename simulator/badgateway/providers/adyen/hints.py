"""Where an order reference may stand in a request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_TEXTS = (
    "reference",
    "merchantOrderReference",
    "shopperReference",
    "shopperEmail",
    "paymentReference",
)


def hints(body: Mapping[str, Any]) -> Iterator[str]:
    """Give every text in which a merchant may have written the number of an order."""
    texts = [body.get(name) for name in _TEXTS]
    metadata = body.get("metadata")
    texts += metadata.values() if isinstance(metadata, Mapping) else ()
    yield from (text for text in texts if isinstance(text, str) and text)
