"""What handlers are given and what they give back: the request as it was read, and what was done about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from msgspec import Struct

from badgateway.payments.model import Payment
from badgateway.providers.base import Account

API_VERSION = "2026-10-28.endive"


class Ask(Struct, frozen=True):
    """A request as it was read; nothing in it was checked against the account."""

    method: str
    path: str
    route: Route | None  # None: no such address
    id: str  # the object that the path names; empty where it names none
    params: Mapping[str, Any]
    version: str = API_VERSION
    key: str | None = None
    credential: str | None = None
    on_behalf: tuple[str, ...] = ()  # accounts that the request names beside the one of its key
    home: str | None = None  # under which address it was asked, with which pages begin
    is_page: bool = False  # it was asked by a shopper, who has no key
    problem: str | None = None  # why the parameters are unreadable
    names_version: bool = False  # otherwise it is of the account's version
    hints: tuple[str, ...] = ()  # where an order reference may stand


class Call(Struct, frozen=True):
    """One request that is being answered: parameters are checked and typed."""

    ask: Ask
    account: Account
    params: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Give the id that the path names."""
        return self.ask.id

    def now_s(self) -> int:
        """Give the world's time in seconds."""
        return int(self.account.clock.now_s())


class Done(Struct, frozen=True, gc=False):
    """What was done: the object or list to show, and what the harness wants to know of it."""

    shown: dict[str, Any]
    payment: Payment | None = None
    refund_id: str | None = None
    is_applied: bool = False


@dataclass(frozen=True)  # without slots: what its pattern tells is read once and kept
class Route:
    """One address with what it accepts."""

    method: str
    pattern: str  # {id} stands for one segment
    handler: Callable[[Call], Done]
    shape: str  # parameters with their kinds, see params.py
    op: str | None = None
    required: tuple[str, ...] = field(default=())
    shown: str = ""  # the kind of object, where the address does not tell it

    @cached_property
    def collection(self) -> str:
        """Give the part of the address that says what it is about: payment_intents, customers, core, ..."""
        return self.pattern.split("/")[2]

    @cached_property
    def shows(self) -> str:
        """Give the kind of object that it answers with, or `list of` it."""
        if self.shown:
            return self.shown
        parts = self.pattern.split("/")
        kind = (parts[4] if parts[4:] == ["payment_methods"] else parts[2]).removesuffix("s")
        return f"list of {kind}" if self.method == "GET" and parts[-1] != "{id}" else kind
