"""The planted defect 3ds-failed-shown-ok."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.records import Attempt
from badgateway.reference.return_page import ReturnPage
from badgateway.reference.states import State


class ThreedsFailedShownOk(Defect):
    """Whoever comes back from the bank has authenticated: a failed challenge ends on the thank-you page.

    In the field: craftcms/commerce#419.
    """

    id = "3ds-failed-shown-ok"
    policy = "return_page"
    breaks = "M4"

    @classmethod
    def make(cls) -> ReturnPage:
        """Make a page that does not ask how the challenge went."""
        return _BackFromTheBank()


class _BackFromTheBank(ReturnPage):
    def outcome(self, attempt: Attempt) -> State | None:
        return State.SUCCEEDED if attempt.state is State.FAILED else None
