"""What handlers are given and what they give back: the request as it was read, and what was done about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from badgateway.providers.base import Account
from badgateway.providers.euler.acquirer import Standing


class Ask(Struct, frozen=True):
    """A request as it was read; nothing in it was checked against the account."""

    method: str
    path: str
    route: Route | None  # None: no such address
    id: str  # the object that the path names; empty where it names none
    fields: Mapping[str, Any]  # of body and query; numbers are text
    merchant: str | None = None  # as its header says
    credential: str | None = None
    key: str | None = None  # what makes the request one that is carried out once
    home: str | None = None  # under which address it was asked, with which pages begin
    is_page: bool = False
    problem: str | None = None  # what could not be read


class Call(Struct, frozen=True):
    """One request that is being answered."""

    ask: Ask
    account: Account

    @property
    def fields(self) -> Mapping[str, Any]:
        """Give what the request says, with card data masked."""
        return self.ask.fields

    @property
    def id(self) -> str:
        """Give the id that the path names."""
        return self.ask.id


class Done(Struct, frozen=True):
    """What was done: the object to show, its HTTP status, and what the harness wants to know of it."""

    shown: dict[str, Any]
    standing: Standing | None = None  # of the attempt that it is about
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
    is_open: bool = field(default=False)  # a browser may ask it without a key
