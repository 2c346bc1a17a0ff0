"""Over which provider an attempt is made, and when the next one may take over."""

from __future__ import annotations

from collections.abc import Sequence

from badgateway.reference.records import Attempt
from badgateway.reference.seen import PaymentSeen
from badgateway.reference.states import State


class Routing:
    """The next provider is asked only when the one before it has done nothing, for sure.

    What nobody knows is found out first, at the provider that was asked; the issuer's no is the same
    everywhere, and the shopper's to answer.
    """

    def start(self, route: Sequence[str], tries: Sequence[Attempt]) -> str:
        """Give the provider of the next attempt: the preferred one, unless it has just not been there."""
        last = tries[-1] if tries else None
        if last is None or last.route not in route or last.state is not State.FAILED or last.provider_id:
            return route[0]
        return route[(route.index(last.route) + 1) % len(route)]

    def read(self, kind: str) -> str:
        """Give what became of an attempt that another provider could make as well: what is known of it."""
        return kind

    def moves_on(self, kind: str) -> bool:
        """Say whether the next provider may be asked after what became of an attempt."""
        return kind in {"not_done", "refused"}

    def news(self, seen: PaymentSeen, _teller: str, _current: str) -> PaymentSeen:
        """Give what counts of a look at one provider once the last attempt was made at another: all of it."""
        return seen


def surplus(tries: Sequence[Attempt]) -> list[Attempt]:
    """Give the attempts that hold or took money though another provider's attempt did before them."""
    kept = next((one for one in tries if one.live_slot is not None), None)
    live = (State.AUTHORIZED, State.SUCCEEDED)
    return [
        one
        for one in tries
        if kept is not None and one is not kept and one.state in live and one.route != kept.route
    ]


def kept_first(tries: Sequence[Attempt]) -> list[Attempt]:
    """Give attempts with the one first that the order is paid by."""
    return sorted(tries, key=lambda one: one.live_slot is None)
