"""The contract watch: when a play is over, its traffic is held against the provider's OpenAPI document."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict

from badgateway.contract.document import contract_of
from badgateway.contract.sightings import Review, Sightings, review
from badgateway.errors import InputError
from badgateway.play.world import World


async def read_contracts(providers: Sequence[str]) -> None:
    """Read the documents of providers beside the loop; what is wrong with one is told where it is used."""
    for provider in providers:
        with suppress(InputError):
            await asyncio.to_thread(contract_of, provider)


async def hold_to_contract(world: World) -> None:
    """Journal which promises were broken, and how many were looked at; nothing without a document."""
    # Reading a document takes a fifth of a second, once for a process, and checking is work as well: both
    # are done beside the loop, when nobody waits for an answer any more.
    for dialect in world.dialects:
        await _hold(world, dialect.name)


async def _hold(world: World, provider: str) -> None:
    sightings = world.seen_of[provider]
    found = await asyncio.to_thread(_review, provider, sightings)
    if found is None:
        return
    name, seen = found
    for broken in seen.broken:
        told = asdict(broken)
        world.journal.write("contract.broken", told.pop("order"), document=name, **told)
    world.journal.write(
        "contract.watched",
        document=name,
        requests=seen.requests,
        replies=seen.replies,
        webhooks=seen.webhooks,
        exempt=seen.exempt,
        undescribed=seen.undescribed,
        left_out=sightings.left_out,
    )


def _review(provider: str, sightings: Sightings) -> tuple[str, Review] | None:
    contract = contract_of(provider)
    return None if contract is None else (contract.name, review(contract, sightings))
