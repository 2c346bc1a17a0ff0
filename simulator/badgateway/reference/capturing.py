"""When held money is taken, how much of it, and when the goods leave."""

from __future__ import annotations

from badgateway.reference.states import State


class Capturing:
    """Take what was asked for from a hold that is alive; the goods leave when the money is there."""

    def may_capture(self, state: State, *, is_over: bool) -> bool:
        """Say whether an attempt's money may be taken; `is_over`: its order is cancelled."""
        return state is State.AUTHORIZED and not is_over

    def amount_minor(self, asked_minor: int, _held_minor: int) -> int:
        """Give what the provider is asked to capture."""
        return asked_minor

    def ships_first(self) -> bool:
        """Say whether the goods leave before the capture is known to have worked."""
        return False
