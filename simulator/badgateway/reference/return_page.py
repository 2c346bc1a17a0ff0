"""What the shopper's coming back proves."""

from __future__ import annotations

from badgateway.reference.records import Attempt
from badgateway.reference.states import State


class ReturnPage:
    """Nothing: the page shows what the provider says, and says nothing of its own."""

    def outcome(self, _attempt: Attempt) -> State | None:
        """Give the state that an attempt is put in because its shopper came back; None: it stays."""
        return None
