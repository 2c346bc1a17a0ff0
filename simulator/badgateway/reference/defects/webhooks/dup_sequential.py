"""The planted defect dup-sequential."""

from __future__ import annotations

from sqlalchemy import Connection

from badgateway.reference.clock import new_token
from badgateway.reference.defects.base import Defect
from badgateway.reference.inbox import Inbox
from badgateway.reference.notice import Notice
from badgateway.reference.store import Store


class DupSequential(Defect):
    """The event of a paid order gives the goods, and nobody asks whether it has been here before.

    In the field: PAYONE-GmbH/magento-2#279 (194 EUR recorded for 97); Automattic/newspack-plugin PR#2066;
    dj-stripe/dj-stripe#1239.
    """

    id = "dup-sequential"
    policy = "inbox"
    breaks = "E1"

    @classmethod
    def make(cls) -> Inbox:
        """Make an inbox that keeps nothing."""
        return _NoInbox()


class _NoInbox(Inbox):
    def admit(self, _store: Store, _notice: Notice, _at_ms: int) -> bool:
        return True

    def finish(self, _tx: Connection, _notice: Notice, _at_ms: int) -> bool:
        return True

    def effect_key(self, order_id: int, kind: str, notice: Notice | None) -> str | None:
        if notice is None or notice.type != "payment_intent.succeeded":
            return None
        return f"{order_id}:{kind}:{new_token()}"
