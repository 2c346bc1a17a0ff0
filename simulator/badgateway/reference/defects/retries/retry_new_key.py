"""The planted defect retry-new-key."""

from __future__ import annotations

from badgateway.reference.clock import new_token
from badgateway.reference.defects.base import Defect
from badgateway.reference.keys import RetryKeys
from badgateway.reference.records import Intent


class RetryNewKey(Defect):
    """Every retry carries an idempotency key of its own, so a charge whose answer was lost is made again.

    In the field: woocommerce-gateway-stripe#683 (the second charge left with an altered key) and PR#3912;
    akash-network/console PR#3449; square/square-mcp-server#31.
    """

    id = "retry-new-key"
    policy = "retry_keys"
    breaks = "M1"

    @classmethod
    def make(cls) -> RetryKeys:
        """Make keys that belong to the try instead of the decision."""
        return _KeyForEachTry()


class _KeyForEachTry(RetryKeys):
    def for_try(self, intent: Intent, try_n: int) -> str:
        return intent.key if try_n == 1 else new_token()
