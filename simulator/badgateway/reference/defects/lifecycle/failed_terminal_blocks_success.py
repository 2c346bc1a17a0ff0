"""The planted defect failed-terminal-blocks-success."""

from __future__ import annotations

from badgateway.reference.apply_event import ApplyEvent
from badgateway.reference.defects.base import Defect
from badgateway.reference.notice import Notice


class FailedTerminalBlocksSuccess(Defect):
    """The first failed attempt ends the order: a later success for it is not taken in.

    In the field: odoo PR#102013; omise-woocommerce#161.
    """

    id = "failed-terminal-blocks-success"
    policy = "apply_event"
    breaks = "M5"

    @classmethod
    def make(cls) -> ApplyEvent:
        """Make a policy to which a failed order is over."""
        return _FailedIsOver()


class _FailedIsOver(ApplyEvent):
    def order_status(self, current: str, derived: str, _notice: Notice | None) -> str:
        return current if current == "FAILED" else derived
