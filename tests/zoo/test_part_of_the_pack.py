"""A bounded part of the pack on every animal; the whole library is played on them by `make soak`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from badgateway import pipeline
from badgateway.ground.artifacts import artifact_dir
from badgateway.integration.read import read_description
from badgateway.plan.compile import compile_scenario
from badgateway.scenario.load import load_scenarios
from badgateway.trial import CaseResult

ZOO = Path(__file__).parent
# Stories that can be put to each animal: they use what all of them have.
STORIES = (
    "availability/outage_while_paying.yaml",
    "disputes/dispute_lost.yaml",
    "lifecycle/capture_in_part.yaml",
    "retries/lost_answer.yaml",
    "retries/lost_refund_answer.yaml",
    "retries/stored_server_error.yaml",
    "security/forged_success.yaml",
    "webhooks/duplicates.yaml",
    "webhooks/success_after_dashboard_refund.yaml",
)
# Stories that cannot: none of them sells for several merchants, and none sends mail.
STRANGE = ("lifecycle/mail_service_is_down.yaml", "tenancy/two_merchants.yaml")
# What a verdict says about a story that could not be put to an integration, or about one left to a human.
COULD_NOT = ("did not fire", "was skipped: ", "were skipped: ", "did not come about")
LEFT_TO_A_HUMAN = "a human must look"
MONEY = frozenset({"M1", "M3", "M5", "M8", "R4"})
WEBHOOKS = frozenset({"E2", "E4", "E6"})


@dataclass(frozen=True)
class Animal:
    """What is expected of one of them: in how many of STORIES it is held, at least, and by which laws."""

    name: str
    held_min: int
    tested: frozenset[str] = MONEY | WEBHOOKS
    untested: frozenset[str] = frozenset()


ANIMALS = (
    Animal("bookshop", 8, MONEY, WEBHOOKS),  # it takes no webhooks, so nothing tests those laws
    Animal("noticeboard", 8),
    Animal("sortingoffice", 7),
    Animal("frontdesk", 4),  # the rest is left to the porter
)


@pytest.fixture(
    scope="module",
    params=[pytest.param(one, id=one.name, marks=pytest.mark.xdist_group(one.name)) for one in ANIMALS],
)
def animal(request) -> Animal:
    """Give one animal after the other."""
    return request.param


@pytest.fixture(scope="module")
def played(animal, tmp_path_factory) -> tuple[CaseResult, ...]:
    """Play the part once, with one seed, on two copies of an animal."""
    pack = artifact_dir("scenarios").as_posix()
    stories = [
        replace(loaded, path=name)
        for name in (*STORIES, *STRANGE)
        for loaded in load_scenarios([f"{pack}/{name}"])
    ]
    return asyncio.run(
        pipeline.run(
            [compile_scenario(story, 1)[0] for story in stories],
            read_description(ZOO / animal.name / "badgateway.yaml"),
            workdir=tmp_path_factory.mktemp(animal.name),
            reproduce=lambda plan: plan.scenario,
            workers=2,
        )
    )


def reasons(verdict):
    """Give everything that makes a verdict unknown."""
    return [*verdict.problems, *(row.why for row in verdict.rows if row.state == "unknown")]


def test_nothing_that_a_correct_program_does_is_called_broken(played):
    blamed = {
        one.plan.scenario: [
            found.sentence for found in (one.verdict.cause, *one.verdict.consequences) if found
        ]
        for one in played
        if one.verdict.state == "broken"
    }

    assert blamed == {}


def test_it_is_held_in_most_stories_that_can_be_put_to_it(played, animal):
    states = {one.plan.scenario: one.verdict.state for one in played if one.plan.scenario in STORIES}

    held = [name for name, state in states.items() if state == "held"]

    assert len(held) >= animal.held_min, states


def test_where_it_is_held_every_fault_of_the_story_fired(played):
    held = [one.verdict for one in played if one.verdict.state == "held"]

    assert sum(verdict.faults_fired for verdict in held) > 0
    assert [verdict.scenario for verdict in held if verdict.faults_fired < verdict.faults_planned] == []


def test_what_is_not_held_says_why(played):
    others = {one.plan.scenario: reasons(one.verdict) for one in played if one.verdict.state != "held"}

    unexplained = {
        name: said
        for name, said in others.items()
        if not said
        or not all(LEFT_TO_A_HUMAN in one or any(word in one for word in COULD_NOT) for one in said)
    }

    assert set(others) >= set(STRANGE)
    assert unexplained == {}


def test_its_money_is_put_to_the_test(played, animal):
    tested = {row.code for one in played for row in one.verdict.rows if row.antecedents > 0}

    assert tested >= animal.tested
    assert tested.isdisjoint(animal.untested)


def test_only_an_animal_that_takes_webhooks_is_sent_any(played, animal):
    sent = [entry for one in played for entry in one.entries if entry.lane == "webhook"]

    assert bool(sent) == bool(read_description(ZOO / animal.name / "badgateway.yaml").webhooks)
