"""The planted defect return-and-webhook-both."""

from __future__ import annotations

from sqlalchemy import Connection, insert

from badgateway.reference.as_of import AsOf, AsOfBeginning
from badgateway.reference.clock import new_token
from badgateway.reference.defects.base import Defect
from badgateway.reference.tables import effects


class ReturnAndWebhookBoth(Defect):
    """The return page and the webhook both find the order unpaid, and both complete it.

    In the field: woocommerce-gateway-stripe#2331, #889; woocommerce-payments PR#3520; dokan#2994;
    invoiceninja#10079; worldcubeassociation.org PR#9240; sbc-pay PR#2417.
    """

    id = "return-and-webhook-both"
    policy = "as_of"
    breaks = "E1"

    @classmethod
    def make(cls) -> AsOf:
        """Make a policy that completes what was not complete when it began."""
        return _CompletesWhatItFoundOpen()


class _CompletesWhatItFoundOpen(AsOfBeginning):
    def grants_again(self, tx: Connection, order_id: int, kind: str, at_ms: int) -> bool:
        found = self.beginning(order_id)
        if found is None or kind in found.given or kind in found.done:
            return False
        found.done.add(kind)
        row = {"order_id": order_id, "kind": kind, "unique_key": new_token(), "created_ms": at_ms}
        tx.execute(insert(effects).values(row))
        return True
