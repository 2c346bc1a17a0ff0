"""The planted defect providers-in-one-pot."""

from __future__ import annotations

from badgateway.reference.comparing import Comparing
from badgateway.reference.defects.base import Defect


class ProvidersInOnePot(Defect):
    """What a report leaves out is looked for among the sales of all providers, and the newest is taken.

    In the field: one table of payments for all providers, matched by amount.
    """

    id = "providers-in-one-pot"
    policy = "comparing"
    breaks = "M12"

    @classmethod
    def make(cls) -> Comparing:
        """Make a comparison that never asks where a payment was made."""
        return _Careless()


class _Careless(Comparing):
    def is_owed_by(self, provider: str, taken_by: str) -> bool:  # noqa: ARG002 - neither is looked at
        return True
