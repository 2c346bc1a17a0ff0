"""What a provider will do by itself, and when in virtual time: one thing for each that it concerns."""

from __future__ import annotations

from heapq import heapify, heappop, heappush

from badgateway.payments.change import Due

_Planned = tuple[int, int, Due]  # virtual time, number, and what is due


class Agenda:
    """The things that are due, by the id of what they concern."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}  # id -> number of what is planned for it now
        self._planned = 0
        self._lapses, self._others = _Queue(self._numbers), _Queue(self._numbers)

    def put(self, due: Due) -> None:
        """Plan one thing, instead of what was planned for the same id."""
        self._planned += 1
        self._numbers[due.key] = self._planned
        queue = self._lapses if due.is_lapse else self._others
        queue.put((due.at_ms, self._planned, due))

    def drop(self, key: str) -> None:
        """Forget what was planned for an id."""
        self._numbers.pop(key, None)

    def next_ms(self, *, with_expiry: bool = True) -> int | None:
        """Give the virtual moment of the next thing, or None; what lapses counts only with expiry."""
        first = [self._others.first(), *([self._lapses.first()] if with_expiry else [])]
        return min((one[0] for one in first if one is not None), default=None)

    def take(self, now_ms: int) -> Due | None:
        """Take the earliest thing that is due, the one planned first where two fall together."""
        first = [one for one in (self._others.first(), self._lapses.first()) if one is not None]
        if not first:
            return None
        at_ms, _, due = min(first, key=lambda one: one[:2])
        if at_ms > now_ms:
            return None
        self.drop(due.key)
        return due


class _Queue:
    """What is planned, the earliest in front; what was dropped lies in it until it comes up or is many."""

    def __init__(self, numbers: dict[str, int]) -> None:
        self._numbers = numbers
        self._heap: list[_Planned] = []

    def put(self, planned: _Planned) -> None:
        heappush(self._heap, planned)
        if len(self._heap) > 2 * len(self._numbers) + 64:
            self._heap = [one for one in self._heap if self._is_on(one)]
            heapify(self._heap)

    def first(self) -> _Planned | None:
        while self._heap and not self._is_on(self._heap[0]):
            heappop(self._heap)
        return self._heap[0] if self._heap else None

    def _is_on(self, planned: _Planned) -> bool:
        return self._numbers.get(planned[2].key) == planned[1]
