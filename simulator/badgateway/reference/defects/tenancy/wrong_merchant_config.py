"""The planted defect wrong-merchant-config."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.tenancy import Tenancy


class WrongMerchantConfig(Defect):
    """The default shop's credentials are used for every shop.

    In the field: adyen-magento2 PR#3080.
    """

    id = "wrong-merchant-config"
    policy = "tenancy"
    breaks = "R5"

    @classmethod
    def make(cls) -> Tenancy:
        """Make a rule that knows one account only."""
        return _DefaultAccount()


class _DefaultAccount(Tenancy):
    def account(self, _merchant: str, default: str) -> str:
        return default
