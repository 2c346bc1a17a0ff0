"""The planted defect raise-retry-new-key."""

from __future__ import annotations

from badgateway.reference.clock import new_token
from badgateway.reference.defects.base import Defect
from badgateway.reference.keys import RetryKeys
from badgateway.reference.records import Intent


class RaiseRetryNewKey(Defect):
    """Every retry of a wish to hold more carries a key of its own, so the bank is asked once for each try.

    In the field: the same mechanics as retry-new-key; no public report was found.
    """

    id = "raise-retry-new-key"
    policy = "retry_keys"
    breaks = "R1"

    @classmethod
    def make(cls) -> RetryKeys:
        """Make keys of wishes to hold more that belong to the try."""
        return _RaiseKeyForEachTry()


class _RaiseKeyForEachTry(RetryKeys):
    def for_try(self, intent: Intent, try_n: int) -> str:
        return new_token() if intent.kind == "increment" and try_n > 1 else intent.key
