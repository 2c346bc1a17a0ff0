"""Which refunds are asked for."""

from __future__ import annotations

from collections.abc import Mapping

from badgateway.reference.states import REFUND_COUNTS


class Refunding:
    """A refund never takes more than is left, counting those that are under way, and none is made twice."""

    def counts(self, state: str) -> bool:
        """Say whether a refund in this state lessens what is left to refund."""
        return state in REFUND_COUNTS

    def may_refund(self, status: str) -> bool:
        """Say whether an order in this status may be refunded; a disputed one has given its money back."""
        return status != "DISPUTED"

    def details(self) -> Mapping[str, str]:
        """Give what the provider is told beside the amount: nothing, for its reasons are a closed list."""
        return {}
