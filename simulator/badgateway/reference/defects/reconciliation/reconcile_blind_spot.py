"""The planted defect reconcile-blind-spot."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.reconciling import Reconciling


class ReconcileBlindSpot(Defect):
    """The first page of the provider's list is taken for the list: what is not on it never happened.

    In the field: eyra/mono PR#1567 (rows filtered out of a reconciliation); polarsource/polar PR#13330.
    """

    id = "reconcile-blind-spot"
    policy = "reconciling"
    breaks = "M6"

    @classmethod
    def make(cls) -> Reconciling:
        """Make a reconciliation that reads one page."""
        return _FirstPage()


class _FirstPage(Reconciling):
    def reads_on(self, _pages: int) -> bool:
        return False

    def is_whole(self, _has_more: bool) -> bool:
        return True

    def looks_again(self) -> bool:
        return False
