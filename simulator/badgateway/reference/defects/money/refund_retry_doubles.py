"""The planted defect refund-retry-doubles."""

from __future__ import annotations

from badgateway.reference.clock import new_token
from badgateway.reference.defects.base import Defect
from badgateway.reference.keys import RetryKeys
from badgateway.reference.records import Intent


class RefundRetryDoubles(Defect):
    """Every retry of a refund carries a key of its own, so a refund whose answer was lost is made again.

    In the field: the same mechanics as retry-new-key; no public report was found.
    """

    id = "refund-retry-doubles"
    policy = "retry_keys"
    breaks = "M7"

    @classmethod
    def make(cls) -> RetryKeys:
        """Make keys of refunds that belong to the try."""
        return _RefundKeyForEachTry()


class _RefundKeyForEachTry(RetryKeys):
    def for_try(self, intent: Intent, try_n: int) -> str:
        return new_token() if intent.kind == "refund" and try_n > 1 else intent.key
