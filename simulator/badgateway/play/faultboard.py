"""Which of a plan's faults strike which call, and the record that they did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from badgateway.faults import FAULTS
from badgateway.faults.base import Fault
from badgateway.plan.model import ANY, PlannedFault

if TYPE_CHECKING:
    from badgateway.play.exchange import Call


class FaultBoard:
    """The faults of one world; after `heal` none strikes any more."""

    def __init__(self, planned: tuple[PlannedFault, ...]) -> None:
        self._planned = planned
        self._is_healed = False
        self.fired: set[int] = set()

    def heal(self) -> None:
        """End all faults."""
        self._is_healed = True

    def striking(self, call: Call, *phases: str, decides: bool = False) -> tuple[PlannedFault, Fault] | None:
        """Give the first fault that strikes this call at one of these phases."""
        if self._is_healed:
            return None
        for planned in self._planned:
            is_decision = planned.do == "decide"
            if is_decision == decides and planned.phase in phases and _selects(planned, call):
                return planned, FAULTS[planned.do](values=dict(planned.values))
        return None


def _selects(planned: PlannedFault, call: Call) -> bool:
    at = planned.at
    if at.name not in {ANY, call.op}:
        return False
    if at.order is not None and at.order != call.order:
        return False
    return at.n is None or at.n == (call.n if at.name != ANY else call.arrival)
