"""Failover: when a provider has done nothing for sure, the next one of the route is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from badgateway.reference.calls import Verdict, carry_out
from badgateway.reference.records import Intent, attempts_of
from badgateway.reference.service import Service

Start = Callable[[Connection, str, str], Intent | None]  # method and provider; None: one attempt is live


@dataclass(frozen=True, slots=True)
class Methods:
    """What the shopper pays with: a token at the usual provider, and those at the others of the route."""

    usual: str
    by_route: Mapping[str, str]

    def at(self, route: str) -> str:
        """Give the token that a provider knows."""
        return self.by_route.get(route, self.usual)

    def usable(self, routes: Sequence[str]) -> tuple[str, ...]:
        """Give the providers of a route that know the shopper's method; the first takes the usual token."""
        return tuple(name for name in routes if name == routes[0] or name in self.by_route)


def carry_over(
    service: Service, first: Intent, route: Sequence[str], methods: Methods, start: Start
) -> Verdict:
    """Carry an attempt out, and the next ones at the providers after it for as long as none did anything.

    One deadline holds for all of them. Gives what came of the last attempt.
    """
    until_ms = service.clock.monotonic_ms() + service.settings.total_deadline_ms
    intent, left = first, list(_after(route, _route_of(service, first)))
    while True:
        verdict = carry_out(service, intent, until_ms, has_next=bool(left))
        is_over = service.clock.monotonic_ms() >= until_ms
        if is_over or not left or not service.policies.routing.moves_on(verdict.kind):
            return verdict
        following = left.pop(0)
        with service.store.write() as tx:
            made = start(tx, methods.at(following), following)
        if made is None:
            return verdict
        service.log("failover", kind="pay", reason=verdict.kind, code=verdict.code)
        intent = made


def _after(route: Sequence[str], name: str) -> tuple[str, ...]:
    """Give the providers after one, and then those before it: each is asked once."""
    place = route.index(name) if name in route else 0
    return (*route[place + 1 :], *route[:place])


def _route_of(service: Service, intent: Intent) -> str:
    with service.store.read() as tx:
        return next(one.route for one in attempts_of(tx, intent.order_id) if one.id == intent.attempt_id)
