"""A bounded part of the pack on the animals that have no file of their own; `make soak` plays all of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from badgateway import pipeline
from badgateway.ground.artifacts import artifact_dir
from badgateway.integration.read import read_description
from badgateway.plan.compile import compile_scenario
from badgateway.scenario.load import load_scenarios

ZOO = Path(__file__).parent
ANIMALS = ("noticeboard", "sortingoffice", "frontdesk")
STORIES = (
    "availability/outage_while_paying.yaml",
    "availability/slow_provider_beside_other_pages.yaml",
    "lifecycle/capture_in_part.yaml",
    "retries/lost_answer.yaml",
    "retries/lost_refund_answer.yaml",
    "security/forged_success.yaml",
    "webhooks/answer_and_webhook_lost.yaml",
    "webhooks/duplicates.yaml",
)


@pytest.fixture(scope="module", params=ANIMALS)
def played(request, tmp_path_factory):
    """Play the part once, with one seed, on two copies of an animal."""
    pack = artifact_dir("scenarios").as_posix()
    stories = [
        replace(one, path=Path(one.path).name)
        for one in load_scenarios([f"{pack}/{name}" for name in STORIES])
    ]
    return asyncio.run(
        pipeline.run(
            [compile_scenario(story, 1)[0] for story in stories],
            read_description(ZOO / request.param / "badgateway.yaml"),
            workdir=tmp_path_factory.mktemp(request.param),
            reproduce=lambda plan: plan.scenario,
            workers=2,
        )
    )


def test_nothing_that_a_correct_program_does_is_called_broken(played):
    blamed = {
        one.plan.scenario: [
            found.sentence for found in (one.verdict.cause, *one.verdict.consequences) if found
        ]
        for one in played
        if one.verdict.state == "broken"
    }

    assert blamed == {}


def test_its_money_is_put_to_the_test(played):
    tested = {row.code for one in played for row in one.verdict.rows if row.antecedents > 0}

    assert tested >= {"M1", "M3", "M5", "M8", "E5", "E6", "R4"}
