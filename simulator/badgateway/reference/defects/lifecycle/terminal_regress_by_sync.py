"""The planted defect terminal-regress-by-sync."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.states import State, StateRules


class TerminalRegressBySync(Defect):
    """Whatever was read last is written down, so a look at an old copy reopens what was over.

    In the field: hyperswitch#9925, #10340, PR#9926; mollie/magento2#932.
    """

    id = "terminal-regress-by-sync"
    policy = "state_rules"
    breaks = "E3"

    @classmethod
    def make(cls) -> StateRules:
        """Make rules that know no last state."""
        return _AsItWasRead()


class _AsItWasRead(StateRules):
    def allows(self, current: State, seen: State) -> bool:
        return seen is not current

    def captured_minor(self, _state: State, _known: int, seen: int) -> int:
        return seen
