"""The planted defect cached-error-replay."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.keys import RetryKeys


class CachedErrorReplay(Defect):
    """A key is kept although the provider only repeats its stored error, however often the shopper pays.

    In the field: stripe-php#447 (a stored rate limit); woocommerce-gateway-stripe PR#541 (a stored decline).
    """

    id = "cached-error-replay"
    policy = "retry_keys"
    breaks = "R1"

    @classmethod
    def make(cls) -> RetryKeys:
        """Make keys that outlive their answer."""
        return _NeverAnother()


class _NeverAnother(RetryKeys):
    def gives_up(self) -> bool:
        return False

    def asks_again(self) -> bool:
        return True
