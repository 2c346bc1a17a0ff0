"""Further providers of a story: each opens its own accounts in a world, with keys and doors of their own."""

from __future__ import annotations

from collections.abc import Sequence

from badgateway.play.account import Account, Tenant
from badgateway.play.world import World
from badgateway.providers.base import Dialect, Endpoint


def join(
    world: World,
    dialect: Dialect,
    api_key: str,
    endpoint: Endpoint | None,
    tenants: Sequence[Tenant] = (),
) -> Account:
    """Open the accounts that the integration has at a further provider, and give the first of them.

    They move money in the world's one ledger. `tenants` are the integration's merchants, the first of them
    with this key and this endpoint; None: the provider tells this integration nothing.
    """
    assert dialect is not world.dialect, "the first provider is there from the beginning"
    merchants = world.plan.merchants
    first = next(iter(merchants), None)
    named = dict(zip(merchants or (None,), tenants, strict=False))
    world.doors[dialect.name, first] = world.doors[dialect.name, None] = endpoint
    is_live = bool(tenants and tenants[0].is_live)
    account = world.admit(api_key, first, is_live=is_live, dialect=dialect)
    for name in merchants[1:]:
        if name in named:
            world.doors[dialect.name, name] = named[name].endpoint
            world.admit(named[name].api_key, name, is_live=named[name].is_live, dialect=dialect)
    for tenant in tenants[max(1, len(merchants)) :]:
        world.admit(
            tenant.api_key, f"{tenant.name}, of another story", is_live=tenant.is_live, dialect=dialect
        )
    return account
