"""The values that request templates may name, for one order and one operation."""

from __future__ import annotations

from badgateway.ground.money import decimal_text
from badgateway.play.stage import Stage


def order_values(stage: Stage, name: str) -> dict[str, object]:
    """Give an order's values: reference, agreed amount, card, shopper, and what its operations gave."""
    world = stage.world
    order = world.plan.order(name)
    reference = world.reference(name)
    captured = stage.captured.get(name, {})
    values: dict[str, object] = {
        "order.reference": reference,
        "order.id": captured.get("id", reference),
        "order.amount": decimal_text(order.amount_minor, order.currency),
        "order.amount_minor": order.amount_minor,
        "order.currency": order.currency,
        "order.capture": order.capture,
        "order.card": world.dialect.cards[order.card],
        "shopper.name": order.shopper["name"],
        "shopper.email": order.shopper["email"],
        "amount": decimal_text(order.amount_minor, order.currency),
        "amount_minor": order.amount_minor,
        "currency": order.currency,
        "refund.reference": f"{reference}r{stage.refunds.get(name, 0)}",
    }
    return values | {f"captured.{key}": value for key, value in captured.items()}
