"""Who asked for what is being done, and under which number: carried along, written beside every change."""

from __future__ import annotations

import re
from contextvars import ContextVar
from dataclasses import dataclass

from badgateway.reference.clock import new_token

_NUMBER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SHOPPERS = frozenset({"_pay", "_return", "_card"})
_MACHINES = {"_webhook": "provider", "_sync": "scheduler"}


@dataclass(frozen=True, slots=True)
class Trace:
    """One cause: somebody, and a number that all its consequences share."""

    actor: str  # shopper | merchant | provider | scheduler | system
    correlation: str


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


class Tracing:
    """Nothing changes by itself: every change names an actor and the number of its cause."""

    def begin(self, endpoint: str | None, correlation: str | None = None) -> Trace:
        """Begin a cause; a caller's own number is kept, where it looks like one."""
        number = correlation if correlation and _NUMBER.fullmatch(correlation) else new_token()
        trace = Trace(self.actor(endpoint or ""), number)
        _current.set(trace)
        return trace

    def actor(self, endpoint: str) -> str:
        """Say who asks at an endpoint; "scheduler" for a job of our own."""
        name = endpoint.removesuffix("_of")
        return _MACHINES.get(name, "shopper" if name in _SHOPPERS else "merchant")


def current() -> Trace:
    """Give the cause of what is being done; a cause of its own where nobody began one."""
    return _current.get() or Trace("system", new_token())
