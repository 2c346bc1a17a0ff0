"""The planted defect failover-on-decline."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.routing import Routing


class FailoverOnDecline(Defect):
    """A card that its issuer has declined is charged again at the next provider, lost cards included.

    In the field: card schemes fine such tries, see the advice in `retries_are_polite`; juspay/hyperswitch#267
    asks for retries over another connector, and leaves open after which declines.
    """

    id = "failover-on-decline"
    policy = "routing"
    breaks = "R2"

    @classmethod
    def make(cls) -> Routing:
        """Make a policy that asks every provider before it takes a no for an answer."""
        return _Stubborn()


class _Stubborn(Routing):
    def moves_on(self, kind: str) -> bool:
        return super().moves_on(kind) or kind == "declined"
