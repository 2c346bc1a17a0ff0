"""The planted defect slow-ack-overlap."""

from __future__ import annotations

from sqlalchemy import Connection

from badgateway.reference.clock import new_token
from badgateway.reference.defects.base import Defect
from badgateway.reference.inbox import Inbox
from badgateway.reference.notice import Notice


class SlowAckOverlap(Defect):
    """All work is done before the answer, and an event is closed without a look whether it is closed already.

    In the field: mollie/magento2#151; onehashai/Cal-ID PR#383. A provider that waits no longer sends the
    event again, and the second handler overtakes the first.
    """

    id = "slow-ack-overlap"
    policy = "inbox"
    breaks = "E1"

    @classmethod
    def make(cls) -> Inbox:
        """Make an inbox that trusts every handler to be the only one."""
        return _LastOneWins()


class _LastOneWins(Inbox):
    def finish(self, tx: Connection, notice: Notice, at_ms: int) -> bool:
        super().finish(tx, notice, at_ms)
        return True

    def effect_key(self, order_id: int, kind: str, notice: Notice | None) -> str | None:
        if notice is None or notice.type != "payment_intent.succeeded":
            return None
        return f"{order_id}:{kind}:{new_token()}"
