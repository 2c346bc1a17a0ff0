"""The planted defect 2xx-on-failure."""

from __future__ import annotations

from collections.abc import Callable

from badgateway.reference.acknowledging import Acknowledging
from badgateway.reference.defects.base import Defect


class TwoXxOnFailure(Defect):
    """Whatever goes wrong in the handler, the provider is told that all is well, and does not tell it again.

    In the field: theexperiencecompany/gaia PR#1084; fossasia/eventyay PR#3447 (found in review);
    profullstack/coinpayportal PR#205 (a capture of $140 booked as $0, and every hop said 200).
    """

    id = "2xx-on-failure"
    policy = "acknowledging"
    breaks = "E4"

    @classmethod
    def make(cls) -> Acknowledging:
        """Make a policy under which nothing ever fails."""
        return _AlwaysWell()


class _AlwaysWell(Acknowledging):
    def take(self, work: Callable[[], str]) -> str:
        try:
            return work()
        except Exception:  # noqa: BLE001 - this is the defect
            return "failed"

    def status(self, word: str) -> int:  # noqa: ARG002 - whatever came of it
        return 200

    def leaves_to_events(self) -> bool:
        return True  # what was answered 200 is taken for known
