"""The planted defect test-event-in-live."""

from __future__ import annotations

from dataclasses import replace

from badgateway.reference.defects.base import Defect
from badgateway.reference.notice import Notice
from badgateway.reference.settings import Merchant
from badgateway.reference.tenancy import Tenancy


class TestEventInLive(Defect):
    """An event of the other mode is taken at its word, because the account in use does not know its objects.

    In the field: woocommerce-payments PR#5288; solidus_stripe#192; dj-stripe#445.
    """

    id = "test-event-in-live"
    policy = "tenancy"
    breaks = "E5"

    @classmethod
    def make(cls) -> Tenancy:
        """Make a rule that does not tell test from live."""
        return _AnyMode()


class _AnyMode(Tenancy):
    def take(self, notice: Notice, merchant: Merchant) -> Notice | None:
        return notice if notice.is_live == merchant.is_live else replace(notice, is_hint=False)
