"""Which of a plan's faults strike which call, and the record that they did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from badgateway.faults import FAULTS
from badgateway.faults.base import Fault
from badgateway.faults.skew import Skew
from badgateway.plan.model import ANY, EFFECT, PlannedFault, Selector

if TYPE_CHECKING:
    from badgateway.play.exchange import Call
    from badgateway.play.sink import Arrival


class FaultBoard:
    """The faults of one world; after `heal` none strikes any more."""

    def __init__(self, planned: tuple[PlannedFault, ...]) -> None:
        self._by_order: dict[str | None, list[PlannedFault]] = {None: []}
        for one in planned:
            self._by_order.setdefault(one.at.order, []).append(one)
        self.skews = tuple(one for one in planned if one.do == Skew.name)
        self.is_quiet = not planned  # none strikes
        self.fired: set[int] = set()
        self.skew_ms = sum(Skew(values=dict(one.values)).by_ms for one in planned if one.do == Skew.name)

    def heal(self) -> None:
        """End all faults; a clock that is off stays off."""
        self.is_quiet = True

    def striking(
        self, call: Call | Arrival, *phases: str, do: str | None = None
    ) -> tuple[PlannedFault, Fault] | None:
        """Give the first fault that strikes this call at one of these phases.

        It is one that shapes the wire, or the one that is called `do`.
        """
        if self.is_quiet:
            return None
        for planned in self._about(call.order):
            is_meant = planned.do == do if do else FAULTS[planned.do].shapes_wire
            if is_meant and planned.phase in phases and _selects(planned, call):
                return planned, FAULTS[planned.do](values=dict(planned.values))
        return None

    def skewing(self) -> PlannedFault | None:
        """Give the fault that sets the clock, if there is one that has not been noticed yet."""
        for one in self.skews:
            if one.index not in self.fired:
                return one
        return None

    def _about(self, order: str | None) -> list[PlannedFault]:
        """Give the faults that may strike a call about an order, in the order of the plan."""
        of_any, own = self._by_order[None], self._by_order.get(order, []) if order is not None else []
        if not own or not of_any:
            return own or of_any
        return sorted([*of_any, *own], key=lambda one: one.index)


def _selects(planned: PlannedFault, call: Call | Arrival) -> bool:
    at = planned.at
    # An effect is struck only by name: * means every call to a provider.
    named = f"{EFFECT}:{at.name}" if at.provider == EFFECT else at.name
    is_effect = (call.op or "").startswith(f"{EFFECT}:")
    if named != call.op and (named != ANY or is_effect):
        return False
    if at.order is not None and at.order != call.order:
        return False
    return is_of(at, call) and at.n in {None, counted(at, call)}


def is_of(at: Selector, call: Call | Arrival) -> bool:
    """Say whether a call is made by whom a selector means, and to the provider that it names, if any."""
    return at.by == call.by and at.provider in {None, EFFECT, call.provider}


def counted(at: Selector, call: Call | Arrival) -> int:
    """Give a call's number as a selector counts: over all providers, or at the one that it names."""
    if at.name == ANY:
        return call.arrival
    return call.n if at.provider in {None, EFFECT} else call.own_n
