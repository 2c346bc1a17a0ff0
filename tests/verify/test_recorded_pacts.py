"""A pact recorded from the reference's traffic: kept by the simulator, and broken by a planted break."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import aiohttp
import pytest
from tests.verify.breaks import breaking

import badgateway
from badgateway import pipeline
from badgateway.contract.document import contract_of
from badgateway.ground.redact import redact
from badgateway.integration.read import read_description
from badgateway.plan.compile import compile_scenario
from badgateway.scenario.load import load_scenarios
from badgateway.server.edge import Edge
from badgateway.server.loops import run as run_in_loop
from badgateway.verify.pact_recorder import Recorder
from badgateway.verify.pacts import hold_to_pact, read_pact
from badgateway.verify.provider_pacts import WEBHOOK_SECRET, verify_pact
from badgateway.verify.reading import Reading
from badgateway.verify.scene import ProviderScene
from badgateway.verify.simulator import Simulator

ROOT = Path(__file__).parents[2]
REFERENCE = Path(badgateway.__file__).parent / "reference" / "badgateway.yaml"

STORIES = {
    "stripe": ("lifecycle/refund_fails_later", "retries/half_an_answer"),
    "adyen": ("lifecycle/refund_fails_later",),
}
PATCHES = {
    "renamed field": {"on": "POST /v1/refunds", "do": {"rename": "amount", "to": "value", "status": 200}},
    "other status": {"on": "POST /v1/payment_intents", "do": {"becomes": 201, "status": 200}},
    "wrong type": {"on": "POST /v71/payments", "do": {"set": "amount.value", "to": "10", "status": 200}},
}


class Recording:
    """What was recorded of one provider."""

    def __init__(self, provider, folder):
        self.keys, self.plays = set(), 0
        paths = [str(ROOT / "scenarios" / f"{story}.yaml") for story in STORIES[provider]]
        plans = [
            plan
            for scenario in load_scenarios(paths)
            for seed in (1, 2)
            for plan in compile_scenario(scenario, seed, provider)
        ]
        self.recorder = Recorder("reference")
        self.narrow = Recorder("reference", Reading({"POST /v1/refunds": frozenset({("id",), ("status",)})}))
        running = pipeline.run(
            plans,
            read_description(REFERENCE),
            workdir=folder,
            reproduce=lambda _: "",
            on_played=self.watch,
        )
        run_in_loop(running)
        (self.written,) = self.recorder.write(folder / "pacts")
        self.path = self.written.path
        self.interactions = json.loads(self.path.read_text(encoding="utf-8"))["interactions"]

    def watch(self, world):
        self.keys |= {account.api_key for account in world.accounts} | {world.endpoint.secret}
        self.plays += 1
        self.recorder.watch(world)
        self.narrow.watch(world)

    def named(self, words):
        return next(one for one in self.interactions if one["description"].startswith(words))


@pytest.fixture(scope="module")
def stripe(tmp_path_factory):
    """Give what the reference asked of Stripe."""
    return Recording("stripe", tmp_path_factory.mktemp("stripe"))


@pytest.fixture(scope="module")
def adyen(tmp_path_factory):
    """Give what the reference asked of Adyen."""
    return Recording("adyen", tmp_path_factory.mktemp("adyen"))


async def held_with_break(path, provider, patch):
    """Hold a simulated provider to a pact, behind a proxy that breaks what a patch says."""
    async with (
        Simulator(provider, WEBHOOK_SECRET) as simulator,
        aiohttp.ClientSession(auto_decompress=False) as session,
        Edge(breaking.BrokenProxy(simulator.url, patch, session)) as edge,
    ):
        scene = ProviderScene(simulator)
        return await hold_to_pact(read_pact(path), edge.url, scene, contract_of(provider))


@pytest.mark.parametrize("provider", ["stripe", "adyen"])
def test_what_was_recorded_of_the_reference_is_kept_by_the_simulator(request, provider):
    recording = request.getfixturevalue(provider)

    rows = asyncio.run(verify_pact(recording.path))

    assert [row for row in rows if not row.is_ok] == []
    assert len(rows) == recording.written.calls + recording.written.messages
    assert recording.written.calls >= 2
    assert recording.written.messages >= 3


@pytest.mark.parametrize(
    ("provider", "kind"), [("stripe", "renamed field"), ("stripe", "other status"), ("adyen", "wrong type")]
)
def test_a_planted_break_is_found_out_and_laid_at_the_door_of_the_provider(request, provider, kind):
    """The break strikes every interaction with the operation, and nothing else."""
    recording = request.getfixturevalue(provider)
    patch = breaking.Patch(kind, "provider", "provider", **PATCHES[kind])

    rows = asyncio.run(held_with_break(recording.path, provider, patch))

    about = patch.on.removeprefix("POST /v71") if provider == "adyen" else patch.on
    broken = {row.description: row.broken_by for row in rows if not row.is_ok}
    assert set(broken.values()) == {provider}
    assert all(about.split(" ")[-1] in name for name in broken)
    assert len(broken) < len(rows)


def test_a_webhook_that_is_signed_elsewhere_breaks_the_recorded_pact(stripe):
    patch = next(one for one in breaking.read_patches() if one.kind == "signature_header")

    async def held():
        async with Simulator("stripe", WEBHOOK_SECRET) as simulator:
            scene = breaking.BrokenSender(ProviderScene(simulator), patch)
            return await hold_to_pact(read_pact(stripe.path), simulator.url, scene, contract_of("stripe"))

    rows = asyncio.run(held())

    broken = {row.description: row.broken_by for row in rows if not row.is_ok}
    assert broken
    assert set(broken.values()) == {"stripe"}
    assert all(name.startswith(f"webhook {patch.on}") for name in broken)


@pytest.mark.parametrize("provider", ["stripe", "adyen"])
def test_no_credential_no_signature_and_no_card_is_written(request, provider):
    recording = request.getfixturevalue(provider)
    text = recording.path.read_text(encoding="utf-8")

    assert redact(text, recording.keys) == text
    assert not [key for key in recording.keys if key in text]
    signed = [one["metadata"] for one in recording.interactions if "metadata" in one]
    assert all(
        set(value) <= set("t=,v01 7A") for one in signed for name, value in one.items() if "Sig" in name
    )


def test_ids_amounts_and_moments_are_asked_for_by_their_form_and_words_as_they_are(stripe):
    refund = stripe.named("POST /v1/refunds is answered 200")
    asked, told = refund["request"], refund["response"]

    kinds = {place: rule["matchers"][0] for place, rule in told["matchingRules"]["body"].items()}
    assert kinds["$.id"] == {"match": "regex", "regex": r"^re_\w+$"}
    assert kinds["$.amount"] == kinds["$.created"] == {"match": "integer"}
    assert told["body"]["content"]["status"] == "succeeded"
    assert "$.status" not in kinds
    assert asked["body"]["contentType"] == "application/x-www-form-urlencoded"
    assert asked["headers"]["Authorization"] == ["Bearer sk_test_recorded"]
    assert set(asked["headers"]) == {"Authorization", "Content-Type", "Idempotency-Key"}
    assert asked["matchingRules"]["body"]["$.amount"]["matchers"][0]["match"] == "regex"
    assert [state["name"] for state in refund["providerStates"]][-1].startswith("a payment is")


def test_plays_in_which_something_was_struck_promise_nothing(stripe):
    """The baseline of a story in which an answer is spoilt is recorded, the play itself is not."""
    assert 2 <= stripe.written.plays < stripe.plays
    assert not [one for one in stripe.interactions if one.get("response", {}).get("status", 200) >= 500]


def test_recorded_again_it_is_the_same_file_word_by_word(stripe, tmp_path):
    (again,) = stripe.recorder.write(tmp_path)

    assert again.path.read_text(encoding="utf-8") == stripe.path.read_text(encoding="utf-8")


def test_a_list_of_the_fields_that_are_read_bounds_what_is_asked_for(stripe, tmp_path):
    (written,) = stripe.narrow.write(tmp_path)

    interactions = json.loads(written.path.read_text(encoding="utf-8"))["interactions"]
    told = {one["description"]: one["response"].get("body") for one in interactions if "response" in one}
    refund = next(body for name, body in told.items() if name.startswith("POST /v1/refunds is answered 200"))
    payment = next(body for name, body in told.items() if name.startswith("POST /v1/payment_intents"))
    assert set(refund["content"]) == {"id", "status"}
    assert payment is None
    assert stripe.narrow.unread() == ()
