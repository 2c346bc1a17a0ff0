"""What handlers are given and what they give back: the request as it was read, and what was done about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import Struct

from badgateway.payments.model import Payment
from badgateway.providers.base import Account


class Ask(Struct, frozen=True):
    """A request as it was read; nothing in it was checked against the account."""

    method: str
    path: str
    route: Route | None  # None: no such address
    id: str  # the object that the path names; empty where it names none
    body: Mapping[str, Any]
    query: Mapping[str, str] = {}
    key: str | None = None
    credential: str | None = None
    home: str | None = None  # under which address it was asked, with which pages begin
    is_page: bool = False
    problem: str | None = None  # what could not be read


class Call(Struct, frozen=True):
    """One request that is being answered."""

    ask: Ask
    account: Account

    @property
    def body(self) -> Mapping[str, Any]:
        """Give the body, with card data masked."""
        return self.ask.body

    @property
    def id(self) -> str:
        """Give the id that the path names."""
        return self.ask.id


class Done(Struct, frozen=True):
    """What was done: the object to show, its HTTP status, and what the harness wants to know of it."""

    shown: dict[str, Any]
    status: int = 200
    payment: Payment | None = None
    refund_id: str | None = None
    is_applied: bool = False
    refusal: str | None = None
    is_final: bool = True


@dataclass(frozen=True, slots=True)
class Route:
    """One address; {id} stands for one segment."""

    method: str
    pattern: str
    handler: Callable[[Call], Done]
    op: str | None = None
