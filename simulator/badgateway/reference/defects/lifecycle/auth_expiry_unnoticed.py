"""The planted defect auth-expiry-unnoticed."""

from __future__ import annotations

from badgateway.reference.capturing import Capturing
from badgateway.reference.defects.base import Defect


class AuthExpiryUnnoticed(Defect):
    """The goods leave when the merchant ships, and only then is the hold looked at, which may have lapsed.

    In the field: woocommerce-gateway-stripe#1378 (the merchant shipped); adyen-magento2#1594;
    woocommerce-payments PR#757.
    """

    id = "auth-expiry-unnoticed"
    policy = "capturing"
    breaks = "M4"

    @classmethod
    def make(cls) -> Capturing:
        """Make a policy to which a hold never ends."""
        return _ShipsOnTrust()


class _ShipsOnTrust(Capturing):
    def ships_first(self) -> bool:
        return True
