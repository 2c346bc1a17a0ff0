"""One provider's side of one world: its book, its keys and the dialect's own shelf."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.payments.book import Book
from badgateway.payments.idempotency import KeyStore
from badgateway.providers.base import Answer


@dataclass(slots=True)
class Account:
    """What a dialect may use while it answers; implements `providers.base.Account`."""

    book: Book
    clock: Clock
    ids: Ids
    api_key: str
    is_strict: bool
    keys: KeyStore[Answer]
    shelf: dict[str, Any] = field(default_factory=dict)
    cause: str = ""
    request_id: str = ""
