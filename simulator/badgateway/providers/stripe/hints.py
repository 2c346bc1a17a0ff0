"""Where an order reference may stand in a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TEXTS = (
    "description",
    "receipt_email",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
    "client_reference_id",
)
_ANY_TEXT = frozenset(_TEXTS)


def hints(params: Mapping[str, Any]) -> tuple[str, ...]:
    """Give metadata values, then description, e-mail, statement descriptors and the transfer group."""
    metadata = params.get("metadata")
    texts = list(metadata.values()) if type(metadata) is dict else []
    if not _ANY_TEXT.isdisjoint(params):
        texts += [params[name] for name in _TEXTS if name in params]
    return tuple([text for text in texts if isinstance(text, str) and text])
