"""The planted defect key-too-coarse."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.keys import RetryKeys
from badgateway.reference.records import Intent

_DAY_MS = 24 * 3_600_000


class KeyTooCoarse(Defect):
    """One key serves all purchases of a day, so the second one is answered with the first, or refused.

    In the field: Medical-Software-Foundation/canvas PR#243; woocommerce-gateway-stripe PR#541 (a reopened
    order).
    """

    id = "key-too-coarse"
    policy = "retry_keys"
    breaks = "R1"

    @classmethod
    def make(cls) -> RetryKeys:
        """Make keys that belong to the day instead of the decision."""
        return _KeyOfTheDay()


class _KeyOfTheDay(RetryKeys):
    def for_try(self, intent: Intent, _try_n: int) -> str:
        return f"pay-{intent.created_ms // _DAY_MS}" if intent.kind == "pay" else intent.key
