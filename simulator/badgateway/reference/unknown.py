"""What is done where nobody knows whether the provider carried a call out."""

from __future__ import annotations

from badgateway.reference.provider import CallFailed
from badgateway.reference.states import State


class UnknownOutcome:
    """An outcome that nobody knows stays unknown until the provider has told it."""

    def read(self, failure: CallFailed) -> CallFailed:
        """Give what a failed call proves: an answer that cannot be read proves nothing."""
        return failure

    def may_try_again(self, proves: str) -> bool:
        """Say whether a failure that may be repeated is repeated, with the same key."""
        return proves in {"nothing", "not_done"}

    def attempt_state(self) -> State:
        """Give the state of a payment whose last try ended without an answer."""
        return State.UNKNOWN

    def takes_news(self, _state: State) -> bool:
        """Say whether news of an attempt in this state is still taken in."""
        return True
