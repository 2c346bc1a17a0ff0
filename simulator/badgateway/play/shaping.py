"""A plan by order: what it says of one order's webhooks, found without going through what it says of all."""

from __future__ import annotations

from collections import defaultdict

from badgateway.plan.model import Plan, PlannedDelivery


class Shaping:
    """The deliveries of a plan by the orders that they are about, and the merchants of its orders."""

    def __init__(self, plan: Plan) -> None:
        self.merchants = {order.name: order.merchant for order in plan.orders}
        self.batched = tuple(one for one in plan.deliveries if one.batch)
        # Names of events, as a story spells them, for which a delivery waits.
        self.awaited = frozenset(str(one.after) for one in plan.deliveries if one.after)
        self._of_any: list[PlannedDelivery] = []
        self._of_order: defaultdict[str, list[PlannedDelivery]] = defaultdict(list)
        for one in plan.deliveries:
            orders = {selector.order for selector in (one.event, *one.batch)}
            for order in orders - {None} if None not in orders else ():
                self._of_order[str(order)].append(one)
            if None in orders:
                self._of_any.append(one)

    def about(self, order: str | None) -> list[PlannedDelivery]:
        """Give the deliveries that may be about an order, in the order of the plan."""
        own = self._of_order.get(order, []) if order is not None else []
        if not own or not self._of_any:
            return own or self._of_any
        return sorted([*self._of_any, *own], key=lambda one: one.index)
