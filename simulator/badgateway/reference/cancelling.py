"""What it means that an order is cancelled."""

from __future__ import annotations

from badgateway.reference.states import MOVING, State


class Cancelling:
    """A cancelled order is over when its hold is voided and money that still arrived is sent back."""

    def voids(self, state: State) -> bool:
        """Say whether an attempt of a cancelled order must be called off at the provider."""
        return state in MOVING

    def returns_money(self) -> bool:
        """Say whether money that arrives for a cancelled order is sent back."""
        return True

    def ends_capture(self) -> bool:
        """Say whether nothing may be captured any more."""
        return True

    def status(self, derived: str) -> str:
        """Give the status of a cancelled order, of what all that is known amounts to."""
        return derived
