"""Whether a period of a renewed order was charged before."""

from __future__ import annotations

from collections.abc import Iterable

from badgateway.reference.records import Attempt


class Renewing:
    """Once: a period is known by its own reference, whichever run of whichever job asks for it."""

    def charges(self, tries: Iterable[Attempt]) -> bool:
        """Say whether a period with these attempts is to be charged by this run."""
        return not list(tries)

    def slot(self, order_id: int) -> int | None:
        """Give what the database may hold once: a live charge of the period."""
        return order_id
