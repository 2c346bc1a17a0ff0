"""The planted defect refund-reason-unlisted."""

from __future__ import annotations

from collections.abc import Mapping

from badgateway.reference.defects.base import Defect
from badgateway.reference.refunding import Refunding


class RefundReasonUnlisted(Defect):
    """A refund is sent with the shop's own words for its reason, where the provider takes listed ones only.

    In the field: stripe/stripe-dotnet#529.
    """

    id = "refund-reason-unlisted"
    policy = "refunding"
    breaks = "K1"

    @classmethod
    def make(cls) -> Refunding:
        """Make refunds that are given a reason in plain words."""
        return _InOwnWords()


class _InOwnWords(Refunding):
    def details(self) -> Mapping[str, str]:
        return {"reason": "the goods were returned"}
