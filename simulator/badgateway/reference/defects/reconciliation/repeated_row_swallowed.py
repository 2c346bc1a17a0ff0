"""The planted defect repeated-row-swallowed."""

from __future__ import annotations

from collections.abc import Sequence

from badgateway.reference.comparing import Comparing
from badgateway.reference.defects.base import Defect
from badgateway.reference.report_file import ReportRow


class RepeatedRowSwallowed(Defect):
    """A row that comes twice is quietly taken once, so that nobody asks the provider to put it right.

    In the field: importers that keep one row for each payment reference.
    """

    id = "repeated-row-swallowed"
    policy = "comparing"
    breaks = "M12"

    @classmethod
    def make(cls) -> Comparing:
        """Make a comparison in which a repeated row is one row, and told to nobody."""
        return _Deduping()


class _Deduping(Comparing):
    def tells_repeated(self, rows: Sequence[ReportRow]) -> Sequence[ReportRow]:  # noqa: ARG002 - none is told
        return ()
