"""The planted defect failover-double-charge."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.routing import Routing


class FailoverDoubleCharge(Defect):
    """A charge whose answer was lost is taken for an outage, and made at the next provider.

    In the field: arambert/Paybox-Direct-Plus#11 (the backup host is sent the same again); own-pay/OwnPay#183.
    """

    id = "failover-double-charge"
    policy = "routing"
    breaks = "R3"

    @classmethod
    def make(cls) -> Routing:
        """Make a policy for which no answer means that nothing was done."""
        return _Hasty()


class _Hasty(Routing):
    def read(self, kind: str) -> str:
        return "not_done" if kind == "unknown" else kind
