"""The planted defect dup-concurrent."""

from __future__ import annotations

from sqlalchemy import Connection, select

from badgateway.reference.clock import new_token
from badgateway.reference.defects.base import Defect
from badgateway.reference.inbox import Inbox, add_row
from badgateway.reference.notice import Notice
from badgateway.reference.store import Store
from badgateway.reference.tables import inbox


class DupConcurrent(Defect):
    """It looks for the event, asks the provider, and only then writes it down: two copies pass together.

    In the field: Pinelab-studio/pinelab-vendure-plugins#620 (three settlements);
    invoiceninja/invoiceninja#12253 (two rows within 2 ms); getlago/lago-api PR#3223;
    mollie/WooCommerce PR#1063.
    """

    id = "dup-concurrent"
    policy = "inbox"
    breaks = "E1"

    @classmethod
    def make(cls) -> Inbox:
        """Make an inbox that checks first and acts later."""
        return _CheckThenAct()


class _CheckThenAct(Inbox):
    def admit(self, store: Store, notice: Notice, _at_ms: int) -> bool:
        with store.read() as tx:
            return tx.execute(select(inbox.c.id).where(inbox.c.event_id == notice.event_id)).first() is None

    def finish(self, tx: Connection, notice: Notice, at_ms: int) -> bool:
        add_row(tx, notice, f"{notice.event_id}:{new_token()}", at_ms)
        return True

    def effect_key(self, order_id: int, kind: str, notice: Notice | None) -> str | None:
        if notice is None or notice.type != "payment_intent.succeeded":
            return None
        return f"{order_id}:{kind}:{new_token()}"
