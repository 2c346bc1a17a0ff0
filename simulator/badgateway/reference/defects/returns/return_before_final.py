"""The planted defect return-before-final."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.records import Attempt
from badgateway.reference.return_page import ReturnPage
from badgateway.reference.states import OPEN, State


class ReturnBeforeFinal(Defect):
    """The page decides on a status that is not final: who comes back early is told that it failed.

    In the field: pretix#1233.
    """

    id = "return-before-final"
    policy = "return_page"
    breaks = "C1"

    @classmethod
    def make(cls) -> ReturnPage:
        """Make a page that knows only paid and failed."""
        return _NotPaidIsFailed()


class _NotPaidIsFailed(ReturnPage):
    def outcome(self, attempt: Attempt) -> State | None:
        return State.FAILED if attempt.state in OPEN else None
