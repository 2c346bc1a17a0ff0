"""Which events of one request are worked on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


class Unbatching:
    """A request may carry several events, and one acknowledgement stands for them all."""

    def of(self, items: Sequence[Item]) -> Sequence[Item]:
        """Give the events that are worked on, in the order in which they came."""
        return items
