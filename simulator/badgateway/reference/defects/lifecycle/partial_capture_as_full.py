"""The planted defect partial-capture-as-full."""

from __future__ import annotations

from badgateway.reference.capturing import Capturing
from badgateway.reference.defects.base import Defect


class PartialCaptureAsFull(Defect):
    """Whatever part the merchant asks for, the whole hold is captured.

    In the field: active_merchant#406; saleor#8010; Sylius#8958; buckaroo-it/Magento2 PR#1741;
    woocommerce-payments#767.
    """

    id = "partial-capture-as-full"
    policy = "capturing"
    breaks = "M3"

    @classmethod
    def make(cls) -> Capturing:
        """Make a policy that knows only whole captures."""
        return _AllOfIt()


class _AllOfIt(Capturing):
    def amount_minor(self, _asked_minor: int, held_minor: int) -> int:
        return held_minor
