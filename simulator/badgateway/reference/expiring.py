"""When an order that its shopper has left is given up."""

from __future__ import annotations

from collections.abc import Iterable

from badgateway.reference.states import OPEN, State


class Expiring:
    """Give up what waits for nobody but the shopper, after a time; what waits for a bank is left alone."""

    def is_due(self, age_ms: int, life_ms: int) -> bool:
        """Say whether an order this old, by its last sign of life, is given up."""
        return age_ms >= life_ms

    def waits_for_shopper(self, states: Iterable[State]) -> bool:
        """Say whether an order whose attempts stand like this waits for its shopper only."""
        waiting = {state for state in states if state in OPEN}
        return waiting == {State.ACTION}
