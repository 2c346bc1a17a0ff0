"""In which currency a provider is asked: the one that the shopper paid in, whatever the books are kept in."""

from __future__ import annotations

from badgateway.reference.records import Order


class Presentment:
    """Amounts go to the provider as the shopper saw them; the base currency is for our own reports."""

    def asked_minor(self, minor: int, _order: Order) -> int:
        """Give what the provider is asked to capture or to give back, minor units of the order's currency."""
        return minor

    def base_minor(self, minor: int, order: Order) -> int:
        """Give an amount of an order in the merchant's base currency, at the rate of the sale."""
        return (2 * minor * order.base_minor + order.amount_minor) // (2 * order.amount_minor)
