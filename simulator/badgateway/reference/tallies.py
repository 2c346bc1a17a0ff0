"""What counts as a payment that succeeded or was declined, for the metrics."""

from __future__ import annotations

from badgateway.reference.states import State

_HELD = frozenset({State.AUTHORIZED, State.SUCCEEDED})


class Tallies:
    """A payment counts once, when the provider has the money or the issuer has said no, and never before."""

    def outcome(self, before: State, after: State) -> str | None:
        """Give what a change of state counts as: succeeded, declined, or nothing."""
        if after in _HELD and before not in _HELD:
            return "succeeded"
        return "declined" if after is State.FAILED and before is not State.FAILED else None
