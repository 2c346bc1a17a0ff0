"""The merchant boundary: an integration held to the pacts of its merchants' checkouts."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from badgateway.contract.document import Contract, read_contract
from badgateway.errors import InputError, Problem
from badgateway.integration.model import Description
from badgateway.play.company import Company
from badgateway.play.limbo import make_limbo
from badgateway.play.switchboard import Worlds
from badgateway.providers import DIALECTS
from badgateway.server.edge import Edge
from badgateway.verify.merchant_scene import MerchantScene
from badgateway.verify.model import Verified
from badgateway.verify.pacts import TIMEOUT_S, Pact, hold_to_pact, read_pact


async def verify_merchant_pacts(
    description: Description,
    pacts: Sequence[Path],
    document: Path | None = None,
    extra_arguments: Sequence[str] = (),
    *,
    timeout_s: float = TIMEOUT_S,
) -> tuple[Verified, ...]:
    """Start an integration against a provider that behaves, and hold it to its consumers' pacts.

    Raises InputError where a pact or the document cannot be read, IntegrationDown where it does not start.
    """
    read = [read_pact(path) for path in pacts]
    contract = read_contract(document) if document is not None else None
    provider = provider_of(description)
    worlds = Worlds(make_limbo())
    with tempfile.TemporaryDirectory(prefix="badgateway-pacts-") as folder:
        async with (
            Edge(worlds) as edge,
            Company(
                description, worlds, edge.url, Path(folder), provider, extra_arguments=tuple(extra_arguments)
            ) as company,
        ):
            scene = MerchantScene(company, worlds, provider)
            url = company.players[0].handle.base_url
            rows = [await _held(pact, url, scene, contract, timeout_s) for pact in read]
    return tuple(row for several in rows for row in several)


def provider_of(description: Description) -> str:
    """Give the simulated provider that an integration's webhooks come from; the first one by default."""
    named = (target.provider for target in description.webhooks if target.provider in DIALECTS)
    return next(named, DIALECTS.names()[0])


def pact_files(given: Sequence[str], folder: Path) -> tuple[Path, ...]:
    """Give the pact files that are named, or lie in folders that are named; raises InputError."""
    found: list[Path] = []
    for name in given:
        place = folder / name
        inside = sorted(place.glob("*.json")) if place.is_dir() else [place]
        if not inside or not inside[0].is_file():
            raise InputError([Problem(str(place), 0, 0, "there is no pact")])
        found += inside
    return tuple(found)


async def _held(
    pact: Pact, url: str, scene: MerchantScene, contract: Contract | None, timeout_s: float
) -> tuple[Verified, ...]:
    return await hold_to_pact(pact, url, scene, contract, timeout_s=timeout_s)
