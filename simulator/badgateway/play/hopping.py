"""Hops: what an orchestrator asks of a provider behind it, carried out within the call that it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from badgateway.faults.base import CONNECT, Effect
from badgateway.ground.message import Reply, Request
from badgateway.play.account import Account
from badgateway.play.exchange import Call
from badgateway.play.world import World
from badgateway.providers import DIALECTS
from badgateway.providers.base import StandsBefore
from badgateway.providers.euler.behind import Gateway, Heard

DEADLINE_MS = 10_000  # virtual; so long the orchestrator waits for an answer


def hop(world: World, provider: str, request: Request) -> Heard:
    """Ask a provider behind the story's own, through the same exchange; no socket, and nobody waits.

    Each hop is counted and journalled as a call `by` the orchestrator, can be struck like any other, and
    commits on the books of the provider that it goes to.
    """
    dialect = DIALECTS[provider]
    call = Call(world, request, dialect.parse(request), dialect, world.dialect.name)
    call.is_hop = True
    call.let_in()
    try:
        effect = call.enter()
        is_begun = effect is None or not _is_refused(call, effect)
        if effect is None:
            effect = call.leave(call.commit())
        reply = _arriving(effect)
    except BaseException:
        call.finished(is_complete=False, bytes_sent=0)
        raise
    call.finished(is_complete=reply is not None, bytes_sent=len(reply.body) if reply else 0)
    return Heard(reply, is_begun=is_begun)


def stand_behind(
    world: World, api_keys: Mapping[str, str], further: Sequence[Mapping[str, str]] = ()
) -> None:
    """Open the accounts that the story's provider has at the gateways behind it, each with its key.

    `further` are the keys of each merchant after the first: each has accounts of its own.
    """
    dialect = world.dialect
    if not world.plan.behind:
        return
    assert isinstance(dialect, StandsBefore), "plans put gateways only behind those that have some"
    for merchant, keys in zip(world.plan.merchants or (None,), (api_keys, *further), strict=True):
        held = world.account_named(merchant)
        gateways = [_gateway(world, name, keys[name], held) for name in world.plan.behind]
        dialect.stand_before(held, gateways, world.plan.rules)


def _gateway(world: World, name: str, api_key: str, before: Account) -> Gateway:
    """Open the account at a gateway that stands behind another account."""
    dialect = DIALECTS[name]
    world.doors[name, before.merchant] = None  # it tells the orchestrator, and nobody else
    account = world.admit(api_key, before.merchant, is_live=before.is_live, dialect=dialect)
    account.held_by = before.dialect.name
    settings = dialect.settings("", api_key, "")
    return Gateway(name, settings, dialect.cards, partial(hop, world, name))


def _is_refused(call: Call, effect: Effect) -> bool:
    """Say whether the connection was refused, so that nothing of the request was ever read."""
    struck = call.world.faults.striking(call, CONNECT)
    return struck is not None and effect.reply is None


def _arriving(effect: Effect) -> Reply | None:
    """Give what arrives of an answer within the deadline, and whole; None: nothing that can be read."""
    reply = effect.reply
    if reply is None or effect.wait_ms is None or effect.wait_ms > DEADLINE_MS or effect.ending == "rst":
        return None
    length = len(reply.body)
    if effect.body_bytes_max is not None and effect.body_bytes_max < length:
        return None
    slow_ms = length * 1000 // effect.bytes_per_s if effect.bytes_per_s else 0
    return reply if effect.wait_ms + slow_ms <= DEADLINE_MS else None
