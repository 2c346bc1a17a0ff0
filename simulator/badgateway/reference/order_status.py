"""What the merchant is told about an order."""

from __future__ import annotations

from badgateway.reference.states import OrderFacts, derive_status


class OrderStatus:
    """A status is derived from all that is known, never set; a refund counts with its own amount."""

    def derive(self, known: OrderFacts) -> str:
        """Give the status of an order."""
        return derive_status(known)

    def in_other_money(self, _derived: str) -> str:
        """Give the status of an order that was paid in another currency than was agreed: a human decides."""
        return "REVIEW"

    def held_in_part(self, _derived: str) -> str:
        """Give the status of an order of whose price only a part is held: a human decides."""
        return "REVIEW"

    def refunded_minor(self, paid_minor: int, refunded_minor: int) -> int:
        """Give what is shown as refunded, of what was paid and of what the refunds add up to."""
        return min(refunded_minor, paid_minor)
