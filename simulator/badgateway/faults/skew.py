"""The fault `skew`: the provider's clock and the integration's do not agree."""

from __future__ import annotations

from badgateway.faults.base import BEFORE_COMMIT, Effect, ErrorPage, Fault, Option, bare_page
from badgateway.ground.message import Reply


class Skew(Fault):
    """Set the provider's clock fast or slow, from the first call to the last.

    On the wire: signatures and objects carry moments that are minutes ahead of or behind the caller's clock.
    In the field: a host without time synchronisation, a virtual machine that was paused, a slow queue.
    Should hold: within the declared tolerance nothing is refused; beyond it nothing is lost for good.
    """

    name = "skew"
    phases = (BEFORE_COMMIT,)
    phase = BEFORE_COMMIT
    shapes_wire = False
    ops = ()
    options = (Option("by", "offset", "how far it is ahead (+6m) or behind (-6m)", 360_000),)
    remedy = (
        "Keep clocks synchronised, and allow the provider's own tolerance when you check the age of a "
        "signature. Check it when an event arrives and not when a queue gets to it, and let a poller find "
        "what was refused."
    )

    def objection(self) -> str | None:
        """Refuse a clock that is right."""
        return None if self.by_ms else "`by` nothing is a clock that is right"

    @property
    def by_ms(self) -> int:
        """Give how far the provider's clock is ahead, milliseconds; less than nothing: behind."""
        return int(str(self.value("by")))

    def strike(self, reply: Reply, page: ErrorPage = bare_page) -> Effect:  # noqa: ARG002 - true, at its time
        """Leave the answer as it is: it was worded by that clock."""
        return Effect(reply, fault=self.name)
