"""The planted defect second-report-unread."""

from __future__ import annotations

from collections.abc import Sequence

from badgateway.reference.defects.base import Defect
from badgateway.reference.settling import Settling


class SecondReportUnread(Defect):
    """Settlements are read from the preferred provider alone, though another one took money as well.

    In the field: a second provider joins the checkout, and the finance job keeps the first one's key.
    """

    id = "second-report-unread"
    policy = "settling"
    breaks = "M11"

    @classmethod
    def make(cls) -> Settling:
        """Make a settlement that knows of one provider."""
        return _Loyal()


class _Loyal(Settling):
    def reported(self, route: Sequence[str]) -> Sequence[str]:
        return route[:1]
