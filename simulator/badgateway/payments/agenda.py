"""What a provider will do by itself, and when in virtual time: one thing for each payment or refund."""

from __future__ import annotations

from badgateway.payments.change import Due
from badgateway.payments.commands import ExpireAuthorization


class Agenda:
    """The things that are due, by the id of the payment or refund that they concern."""

    def __init__(self) -> None:
        self._dues: dict[str, Due] = {}

    def put(self, due: Due) -> None:
        """Plan one thing, instead of what was planned for the same id."""
        self._dues.pop(due.key, None)
        self._dues[due.key] = due

    def drop(self, key: str) -> None:
        """Forget what was planned for an id."""
        self._dues.pop(key, None)

    def next_ms(self, *, with_expiry: bool = True) -> int | None:
        """Give the virtual moment of the next thing, or None; holds that lapse count only with expiry."""
        wanted = (
            due.at_ms
            for due in self._dues.values()
            if with_expiry or not isinstance(due.command, ExpireAuthorization)
        )
        return min(wanted, default=None)

    def take(self, now_ms: int) -> Due | None:
        """Take the earliest thing that is due, the one planned first where two fall together."""
        due = min(self._dues.values(), key=lambda known: known.at_ms, default=None)
        if due is None or due.at_ms > now_ms:
            return None
        self.drop(due.key)
        return due
