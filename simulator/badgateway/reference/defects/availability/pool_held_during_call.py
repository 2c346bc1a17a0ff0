"""The planted defect pool-held-during-call."""

from __future__ import annotations

from contextlib import AbstractContextManager

from badgateway.reference.defects.base import Defect
from badgateway.reference.holding import Holding
from badgateway.reference.store import Store


class PoolHeldDuringCall(Defect):
    """The call stands inside the transaction that records it: a slow provider stops everything that writes.

    In the field: treg PR#329; breeze#1448; gumroad PR#6694.
    """

    id = "pool-held-during-call"
    policy = "holding"
    breaks = "R4"

    @classmethod
    def make(cls) -> Holding:
        """Make a holding that keeps the transaction open."""
        return _Transaction()


class _Transaction(Holding):
    def during_call(self, store: Store) -> AbstractContextManager[object]:
        return store.write()

    def before_call(self, _store: Store) -> None:
        return
