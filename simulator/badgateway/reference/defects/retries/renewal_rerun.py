"""The planted defect renewal-rerun."""

from __future__ import annotations

from collections.abc import Iterable

from badgateway.reference.defects.base import Defect
from badgateway.reference.records import Attempt
from badgateway.reference.renewing import Renewing


class RenewalRerun(Defect):
    """Each run of the billing job charges whom it finds on its list, also whom an earlier run has charged.

    In the field: Cobot's report on its incident (blog.cobot.me: invoices of a month were billed twice).
    """

    id = "renewal-rerun"
    policy = "renewing"
    breaks = "M1"

    @classmethod
    def make(cls) -> Renewing:
        """Make a policy that bills by run, not by period."""
        return _ByRun()


class _ByRun(Renewing):
    def charges(self, _tries: Iterable[Attempt]) -> bool:
        return True

    def slot(self, _order_id: int) -> int | None:
        return None
