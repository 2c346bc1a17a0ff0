"""The values that request templates may name, for one order and one operation."""

from __future__ import annotations

from badgateway.ground.clock import utc_text
from badgateway.ground.money import decimal_text
from badgateway.ground.rates import converted
from badgateway.plan.cart import Cart
from badgateway.play.stage import Stage
from badgateway.play.world import World


def clock_values(stage: Stage) -> dict[str, object]:
    """Give what time it is in the story: RFC 3339 in UTC, and milliseconds since 1970."""
    now_ms = stage.world.clock.now_ms()
    return {"clock.now": utc_text(now_ms), "clock.now_ms": now_ms}


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
        # What the checkout's card field gave stands for the card from then on.
        "order.card": captured.get("card", world.dialect.cards[order.card]),
        "shopper.name": order.shopper["name"],
        "shopper.email": order.shopper["email"],
        "amount": decimal_text(order.amount_minor, order.currency),
        "amount_minor": order.amount_minor,
        "currency": order.currency,
        "refund.reference": f"{reference}r{stage.refunds.get(name, 0)}",
    }
    values["order.save"] = order.is_saving
    values["order.increments"] = order.is_raised
    values["increment.reference"] = f"{reference}i{stage.increments.get(name, 0)}"
    values["order.cards"] = cards_of(world, order.card)
    if order.renews is not None:
        first = stage.captured.get(order.renews, {})
        values |= {
            "renewed.reference": world.reference(order.renews),
            "renewed.id": first.get("id", world.reference(order.renews)),
            "renewed.period": order.period,
        }
    base = world.plan.base_currency or order.currency
    base_minor = converted(order.amount_minor, order.currency, base)
    values |= {
        "order.base_currency": base,
        "order.base_amount": decimal_text(base_minor, base),
        "order.base_amount_minor": base_minor,
        "order.cart": _cart(order.cart),
    }
    if order.merchant in world.tenants:
        values["order.merchant"] = world.tenants[order.merchant].name
    values |= clock_values(stage)
    return values | {f"captured.{key}": value for key, value in captured.items()}


def total_values(stage: Stage, name: str, more_minor: int, currency: str) -> dict[str, object]:
    """Give what is to be held once a hold is raised: what was agreed, what it was raised by, and more."""
    agreed = stage.world.plan.order(name).amount_minor + stage.raised_minor.get(name, 0)
    total = agreed + more_minor
    return {"increment.total": decimal_text(total, currency), "increment.total_minor": total}


def cards_of(world: World, word: str) -> object:
    """Give what stands for a card at each provider of a route; None where there is one provider."""
    route = world.plan.route
    return {name: world.dialect_named(name).cards[word] for name in route} if route else None


def _cart(cart: Cart | None) -> object:
    """Give a cart as a checkout sends it; None for an order that is just an amount."""
    if cart is None:
        return None
    lines = [
        {
            "name": line.name,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "tax_percent": line.tax_percent,
        }
        for line in cart.lines
    ]
    return {"lines": lines, "coupon_percent": cart.coupon_percent}
