"""The planted defect report-missed-too-soon."""

from __future__ import annotations

from badgateway.reference.comparing import Comparing
from badgateway.reference.defects.base import Defect


class ReportMissedTooSoon(Defect):
    """A report counts as overdue as soon as its payout is there, though it is due a day later.

    In the field: a nightly job that runs before the provider's cut-off, and cries wolf each morning.
    """

    id = "report-missed-too-soon"
    policy = "comparing"
    breaks = "M12"

    @classmethod
    def make(cls) -> Comparing:
        """Make a comparison that waits for no due day."""
        return _Impatient()


class _Impatient(Comparing):
    def is_overdue(self, due_ms: int, now_ms: int) -> bool:  # noqa: ARG002 - it is never early
        return True
