"""Contracts broken one by one: each break is found by the right tool, and laid at the right door."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest
import yaml
from tests.verify.breaks import breaking

import badgateway
from badgateway.contract.document import contract_of, read_contract
from badgateway.integration.read import read_description
from badgateway.play.company import Company
from badgateway.play.limbo import make_limbo
from badgateway.play.switchboard import Worlds
from badgateway.server.edge import Edge
from badgateway.verify.boundaries import merchant_document, pacts_at
from badgateway.verify.dialects import HELD, internal_document, narrowed, prepare
from badgateway.verify.fuzz import Effort, Terms, fuzz
from badgateway.verify.merchant_scene import MerchantScene
from badgateway.verify.pacts import hold_to_pact, read_pact
from badgateway.verify.provider_pacts import WEBHOOK_SECRET
from badgateway.verify.scene import ProviderScene
from badgateway.verify.simulator import Simulator

PATCHES = list(breaking.read_patches())
BY_PACT = [patch for patch in PATCHES if patch.interaction]
BY_SCHEMATHESIS = [patch for patch in PATCHES if patch.check]
REFERENCE = Path(badgateway.__file__).parent / "reference" / "badgateway.yaml"
STRIPE = merchant_document().parent / "providers" / "stripe.openapi.yaml"
(CHECKOUT,) = pacts_at("merchant")
WEBHOOKS, CALLS = sorted(path for path in pacts_at("provider") if path.name.startswith("reference-stripe"))
INTERNAL_WEBHOOKS, INTERNAL_CALLS = pacts_at("internal")
PACT_OF = {
    "merchant": CHECKOUT,
    "internal": INTERNAL_CALLS,
    "internal webhooks": INTERNAL_WEBHOOKS,
    "provider": CALLS,
    "webhooks": WEBHOOKS,
}
DOCUMENTS = {"merchant": merchant_document(), "internal": internal_document(), "provider": STRIPE}
PLAYED = {"internal": "euler", "internal webhooks": "euler", "provider": "stripe", "webhooks": "stripe"}
# An interaction that no patch touches, to see that only what is broken is called so.
CONTROL = {
    "merchant": "open an order without an amount",
    "internal": "ask for the payment methods",
    "internal webhooks": "webhook ORDER_VOIDED",
    "provider": "list the refunds of a payment",
    "webhooks": "webhook refund.created",
}
SMALL = Effort(seed=1, examples_max=2)


@pytest.fixture(scope="module")
def loop_runner():
    """Give a loop for the whole module, so that one integration serves all of its tests."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def http(loop_runner):
    """Give one client for all proxies."""

    async def start():
        return aiohttp.ClientSession(auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar())

    session = loop_runner.run(start())
    yield session
    loop_runner.run(session.close())


@pytest.fixture(scope="module")
def merchant(loop_runner, tmp_path_factory):
    """Give the scene and the address of one running reference integration."""
    stack = AsyncExitStack()

    async def start():
        worlds = Worlds(make_limbo())
        edge = await stack.enter_async_context(Edge(worlds))
        company = await stack.enter_async_context(
            Company(
                read_description(REFERENCE), worlds, edge.url, tmp_path_factory.mktemp("merchant"), "stripe"
            )
        )
        return MerchantScene(company, worlds, "stripe"), company.players[0].handle.base_url

    yield loop_runner.run(start())
    loop_runner.run(stack.aclose())


@pytest.fixture(scope="module")
def played(loop_runner):
    """Give the simulated Stripe and the simulated Euler, by their names."""
    stack = AsyncExitStack()

    async def start():
        return {
            name: await stack.enter_async_context(Simulator(name, WEBHOOK_SECRET))
            for name in set(PLAYED.values())
        }

    yield loop_runner.run(start())
    loop_runner.run(stack.aclose())


@pytest.fixture
def stand(request, played):
    """Give a function: the scene and the address of the service whose promise a patch is about."""

    def give(patch):
        if patch.boundary == "merchant":
            return request.getfixturevalue("merchant")
        simulator = played[PLAYED[patch.boundary]]
        simulator.renew()
        return ProviderScene(simulator), simulator.url

    return give


def contract(boundary):
    return read_contract(merchant_document()) if boundary == "merchant" else contract_of(PLAYED[boundary])


async def held_to_pact(patch, scene, url, path, session):
    is_told = patch.boundary.endswith("webhooks")
    if patch.side == "provider" and is_told:
        scene = breaking.BrokenSender(scene, patch)
    if patch.side == "consumer" or is_told:
        return await hold_to_pact(read_pact(path), url, scene, contract(patch.boundary))
    async with Edge(breaking.BrokenProxy(url, patch, session)) as edge:
        return await hold_to_pact(read_pact(path), edge.url, scene, contract(patch.boundary))


@pytest.mark.parametrize(
    ("patch", "names"),
    [(patch, "as they are") for patch in BY_PACT]
    + [(patch, "swapped") for patch in BY_PACT if patch.kind in {"wrong_type", "signature_header"}],
    ids=str,
)
def test_pact_finds_the_break_and_blames_the_side_that_broke_it(
    loop_runner, http, stand, tmp_path, patch, names
):
    pact = json.loads(PACT_OF[patch.boundary].read_text(encoding="utf-8"))
    pact = breaking.patched_pact(pact, patch, keep={patch.interaction, CONTROL[patch.boundary]})
    if names == "swapped":
        pact["consumer"], pact["provider"] = pact["provider"], pact["consumer"]
    path = tmp_path / "pact.json"
    path.write_text(json.dumps(pact), encoding="utf-8")
    scene, url = stand(patch)

    rows = loop_runner.run(held_to_pact(patch, scene, url, path, http))

    blamed = {row.description: row.broken_by for row in rows if not row.is_ok}
    # The control is fetched from another address than the one that is broken, or about another answer.
    assert blamed == {patch.interaction: pact[patch.side]["name"]}


async def held_to_document(patch, scene, url, document, session):
    async with Edge(breaking.BrokenProxy(url, patch, session)) as edge:
        if patch.boundary == "merchant":
            return await fuzz(document, edge.url, party="reference", effort=SMALL, terms=Terms())
        name = PLAYED[patch.boundary]
        held = HELD[name]
        prepare(scene.simulator, held)
        of_account = narrowed(document, held, document.parent)
        return await fuzz(of_account, edge.url, party=name, effort=SMALL, terms=held.terms)


def cut_down(patch, folder):
    """Write the document of a boundary with nothing but the operation that a patch breaks."""
    source = DOCUMENTS[patch.boundary]
    document = yaml.safe_load(source.read_text(encoding="utf-8"))
    method, _, path = patch.on.partition(" ")
    item = document["paths"][path]
    kept = {name: part for name, part in item.items() if name in {"parameters", method.lower()}}
    for answer in kept[method.lower()]["responses"].values():
        answer.pop("links", None)
    document["paths"] = {path: kept}
    target = folder / source.name
    target.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return target


@pytest.mark.parametrize("patch", BY_SCHEMATHESIS, ids=str)
def test_schemathesis_finds_the_break_and_blames_whose_document_it_is(
    loop_runner, http, stand, tmp_path, patch
):
    scene, url = stand(patch)

    found = loop_runner.run(held_to_document(patch, scene, url, cut_down(patch, tmp_path), http))

    checks = {failure.check for row in found.operations for failure in row.failures}
    assert patch.check in checks, found
    assert found.party == PLAYED.get(patch.boundary, "reference")


def test_there_are_twelve_kinds_of_break_and_each_strikes_either_side():
    kinds = {}
    for patch in PATCHES:
        kinds.setdefault(patch.kind, set()).add((patch.boundary, patch.side))

    assert len(kinds) >= 12
    for kind, places in kinds.items():
        assert {side for _, side in places} == {"provider", "consumer"}, kind
        assert {boundary for boundary, _ in places} >= {"merchant", "provider"} or kind == "signature_header"
        internal = {side for boundary, side in places if boundary.startswith("internal")}
        assert internal in (set(), {"provider", "consumer"}), kind
