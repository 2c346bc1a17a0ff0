"""The planted defect key-reuse-new-body."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.keys import RetryKeys
from badgateway.reference.records import Intent


class KeyReuseNewBody(Defect):
    """The key is made of the order alone, so a second card comes under the key of the first.

    In the field: stripe-ruby#503; fjordllc/bootcamp#3928, #4268, #6409; woocommerce-gateway-stripe PR#541,
    #489; FOSSBilling PR#3975.
    """

    id = "key-reuse-new-body"
    policy = "retry_keys"
    breaks = "R1"

    @classmethod
    def make(cls) -> RetryKeys:
        """Make keys that belong to the order instead of the decision."""
        return _KeyOfTheOrder()


class _KeyOfTheOrder(RetryKeys):
    def for_try(self, intent: Intent, _try_n: int) -> str:
        return f"order-{intent.order_id}" if intent.kind == "pay" else intent.key
