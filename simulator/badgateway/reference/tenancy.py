"""Whose credentials a call carries, and what an event of one merchant may touch."""

from __future__ import annotations

from badgateway.reference.notice import Notice
from badgateway.reference.settings import Merchant


class Tenancy:
    """Every call with the account of the order's own merchant; every event for its own merchant and mode."""

    def account(self, merchant: str, _default: str) -> str:
        """Give the merchant whose account is used for what belongs to a merchant."""
        return merchant

    def take(self, notice: Notice, merchant: Merchant) -> Notice | None:
        """Give an event as it may be used, None where it is of the other mode of the merchant's account."""
        return notice if notice.is_live == merchant.is_live else None

    def may_touch(self, owner: str, teller: str) -> bool:
        """Say whether an event that one merchant's account told may change an order of another."""
        return owner == teller
