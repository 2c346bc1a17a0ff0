"""What counts of an order that an orchestrator has sent to one gateway after another."""

from __future__ import annotations

from badgateway.reference.seen import PaymentSeen


class Orchestrating:
    """The order counts, as the orchestrator sums it up; which attempt came to what is its own business.

    An attempt that failed may have been followed by one that did not.
    """

    def read(self, seen: PaymentSeen) -> PaymentSeen:
        """Give what counts of a look at an order: what the orchestrator says of it as a whole."""
        return seen
