"""How long a call to the provider may take."""

from __future__ import annotations


class Deadlines:
    """One bound for a whole exchange, from its connection to the last byte of its answer. Milliseconds."""

    def call_ms(self, budget_ms: float, timeout_ms: float) -> float:
        """Give the bound of one exchange: its own time-out, or what is left of the operation."""
        return min(budget_ms, timeout_ms)

    def left_ms(self, until_ms: float, now_ms: float, _allowed_ms: float) -> float:
        """Give how long the next wait inside an exchange may take."""
        return until_ms - now_ms
