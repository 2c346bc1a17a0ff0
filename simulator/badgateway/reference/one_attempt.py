"""How many attempts to be paid an order may have under way."""

from __future__ import annotations

from badgateway.reference.states import LIVE, State


class OneAttempt:
    """One at a time, decided by a unique column and not by a look."""

    def blocks(self, state: State) -> bool:
        """Say whether an attempt in this state is the answer to another request to pay."""
        return state in LIVE

    def slot(self, order_id: int) -> int | None:
        """Give what a new attempt occupies so that the database refuses a second one."""
        return order_id
