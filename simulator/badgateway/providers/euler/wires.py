"""How gateways are spoken to: an attempt as one gateway's request, and what its answer says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from badgateway.ground.message import Reply, Request
from badgateway.providers.euler.behind import Gateway, Sent

DONE, DECLINED, REFUSED, UNKNOWN, RECEIVED = "done", "declined", "refused", "unknown", "received"
_UNSURE_FROM = 500


@dataclass(frozen=True, slots=True)
class Read:
    """An answer as it was read. `received`: taken in, and told by webhook when it is done."""

    outcome: str
    reference: str | None = None  # of the payment
    status: str | None = None  # neutral
    held_minor: int = 0
    captured_minor: int = 0
    code: str = ""  # why it was declined or refused
    message: str = ""
    refund_id: str | None = None
    is_pending: bool = False
    question: str | None = None  # by which the gateway knows a shopper again whom it has asked


class Wire(Protocol):
    """One gateway's own language."""

    def charge(self, sent: Sent, gateway: Gateway) -> Request:
        """Word an attempt."""

    def capture(self, sent: Sent, gateway: Gateway, amount_minor: int) -> Request:
        """Word the capture of what an attempt holds."""

    def void(self, sent: Sent, gateway: Gateway) -> Request:
        """Word the release of what an attempt holds."""

    def refund(self, sent: Sent, gateway: Gateway, request_id: str, amount_minor: int) -> Request:
        """Word a refund."""

    def fetch(self, sent: Sent, gateway: Gateway) -> Request | None:
        """Word a look at an attempt; None: this gateway cannot be asked."""

    def read(self, reply: Reply, op: str, sent: Sent) -> Read:
        """Say what an answer means."""


def to_wire(minor: int, currency: str, padded: frozenset[str], whole: frozenset[str]) -> int:
    """Give ISO minor units as a gateway writes them that has other units for a few currencies."""
    return minor * 100 if currency in padded else minor // 100 if currency in whole else minor


def from_wire(amount: int, currency: str, padded: frozenset[str], whole: frozenset[str]) -> int:
    """Give a gateway's amount as ISO minor units."""
    return to_wire(amount, currency, whole, padded)


def body_of(reply: Reply) -> Mapping[str, Any] | None:
    """Give the JSON object of an answer; None: it is none, and says nothing."""
    try:
        found = json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, Mapping) else None


def sorted_out(reply: Reply, code: str, message: str) -> Read:
    """Say what an answer proves that is no success: a refusal did nothing, a server's error promises nothing.

    What says 4xx without words of the gateway's own may come from anything on the way.
    """
    is_definite = 400 <= reply.status < _UNSURE_FROM and reply.status not in {408, 409}
    if reply.status == 429 or (is_definite and code):
        return Read(REFUSED, code=code or f"http_{reply.status}", message=message)
    return Read(UNKNOWN)
