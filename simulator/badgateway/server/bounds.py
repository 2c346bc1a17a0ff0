"""What the edge bounds, in one place; reaching a bound is reported, never survived in silence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

OnBound = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of one edge."""

    body_bytes_max: int = 1024 * 1024  # of a request; beyond it 413
    head_bytes_max: int = 64 * 1024  # of target and headers together; beyond it 400
    held_max: int = 10_000  # calls on hold or trickling at one time; beyond it 503
    connections_max: int = 20_000  # open at one time; beyond it they are dropped
    pipelined_max: int = 16  # requests read ahead on one connection; beyond it reading pauses
    # An idle connection closed just as a client picks it up again looks like a fault that nobody asked for.
    idle_s_max: int = 600
