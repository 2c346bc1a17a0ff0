"""The pack itself: every story is told whole, is held by the reference, and puts the laws to the test."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from badgateway import pipeline
from badgateway.cli.target import embedded
from badgateway.ground.artifacts import artifact_dir
from badgateway.invariants import INVARIANTS
from badgateway.plan.compile import compile_scenario
from badgateway.scenario.load import load_scenarios

PACK = artifact_dir("scenarios")
SMOKE = range(20, 31)  # about 25: enough to see most bugs, few enough for every change
# Laws that two stories must put to the test; every other law needs one.
THIRTEEN = {"M1", "M3", "M4", "M5", "M8", "E1", "E2", "E3", "E4", "E5", "R1", "R3", "R4"}
SEEDS = (1, 2)
pytestmark = [
    pytest.mark.xdist_group("pack"),
    pytest.mark.timeout(1200),
]  # the whole library, on a busy machine


def stories():
    """Load the pack under the names by which everybody knows it; chance depends on them."""
    found = load_scenarios([PACK.as_posix()])
    return [replace(one, path=f"scenarios/{one.path.rpartition('scenarios/')[2]}") for one in found]


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Play the pack with two seeds on two copies of the reference."""
    target = embedded()
    plans = [plan for seed in SEEDS for story in stories() for plan in compile_scenario(story, seed)]
    return asyncio.run(
        pipeline.run(
            plans,
            target.description,
            workdir=tmp_path_factory.mktemp("pack"),
            reproduce=lambda plan: f"badgateway run {plan.scenario} --case {plan.case} --seed {plan.seed}",
            workers=2,
        )
    )


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.path)
def test_a_story_says_what_it_tells_why_and_how_to_find_it(story):
    assert story.title[0].isupper()
    assert not story.title.endswith(".")
    assert story.why.endswith(".")
    assert story.why != story.title
    assert story.tags


def test_no_two_stories_have_one_title():
    titles = [story.title for story in stories()]

    assert sorted(titles) == sorted(set(titles))


def test_smoke_is_about_twenty_five_stories():
    assert sum("smoke" in story.tags for story in stories()) in SMOKE


def test_the_reference_holds_every_case(played):
    told = {f"{one.plan.scenario} case {one.plan.case} seed {one.plan.seed}": one.verdict for one in played}

    assert {name: (verdict.state, verdict.problems) for name, verdict in told.items()} == dict.fromkeys(
        told, ("held", ())
    )
    # Where nothing goes wrong, the story is its own baseline.
    assert {verdict.baseline for verdict in told.values()} == {"held", "not judged"}


def test_every_fault_of_every_story_fires(played):
    silent = {
        f"{one.plan.scenario} case {one.plan.case} seed {one.plan.seed}": (
            one.verdict.faults_fired,
            one.verdict.faults_planned,
        )
        for one in played
        if one.verdict.faults_fired != one.verdict.faults_planned
    }

    assert silent == {}
    assert sum(one.verdict.faults_planned for one in played) >= 10


@pytest.mark.parametrize("law", INVARIANTS, ids=lambda law: law.name)
def test_a_law_is_put_to_the_test_by_the_pack(played, law):
    stories_that_test_it = {
        one.plan.scenario
        for one in played
        for row in one.verdict.rows
        if row.invariant == law.name and row.state == "held" and row.antecedents > 0
    }

    assert len(stories_that_test_it) >= (2 if law.code in THIRTEEN else 1)


def test_the_thirteen_laws_are_there():
    assert {law.code for law in INVARIANTS} >= THIRTEEN


def test_every_webhook_that_a_story_shapes_is_shaped(played):
    """A delivery whose event never happens would leave its story without its point, and nobody would know."""
    idle = []
    for one in played:
        kinds = ("webhook.sent", "webhook.lost")
        told = [entry.data for entry in one.entries if entry.kind in kinds]
        names = {entry["name"] for entry in told} | {entry.get("wire_type") for entry in told}
        made = {entry.data["event"]: entry.data for entry in one.entries if entry.kind == "event.created"}
        names |= {made[entry["event"]]["wire_type"] for entry in told if entry["event"] in made}
        idle += [
            f"{one.plan.scenario}: {delivery.event}"
            for delivery in one.plan.deliveries
            if delivery.event.name not in names
        ]

    assert idle == []
