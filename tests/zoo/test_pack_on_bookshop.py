"""The whole pack on an integration that takes no webhooks and shares no code with the reference."""

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

SHOP = Path(__file__).parent / "bookshop"
# story -> why its fault cannot fire here.
CANNOT_FIRE = {
    "scenarios/drift/decline_without_error.yaml": "it believes a decline, and looks nothing up after it",
    "scenarios/lifecycle/stale_look_after_cancel.yaml": "what it cancelled it does not look at again",
    "scenarios/money/refund_not_visible_yet.yaml": "a payment that it has finished is not fetched in between",
    "scenarios/reconciliation/list_behind_the_ledger.yaml": "it knows its payment before it charges",
    "scenarios/reconciliation/payment_not_on_the_first_page.yaml": "it lists nothing",
    "scenarios/webhooks/stale_look_after_dashboard_refund.yaml": "it looks when it is asked to, later",
    "scenarios/webhooks/stale_look_after_webhook.yaml": "the look that is behind is the one a webhook causes",
    "scenarios/webhooks/webhook_before_the_payment_can_be_read.yaml": "no webhook makes it look so early",
    "scenarios/webhooks/handler_fails_once.yaml": "the look-up that fails is the one a webhook causes",
}
# only_genuine_counts is put to the test by a forged return.
NEEDS_NO_WEBHOOK = {"M1", "M3", "M4", "M5", "M8", "E1", "E3", "E5", "R1", "R3", "R4"}
# order_does_not_matter, ack_means_durable: nothing puts them to the test here.
ABOUT_WEBHOOKS = {"E2", "E4"}
pytestmark = pytest.mark.xdist_group("bookshop")


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Play the pack once, with one seed, on two bookshops."""
    pack = artifact_dir("scenarios")
    stories = [
        replace(one, path=f"scenarios/{one.path.rpartition('scenarios/')[2]}")
        for one in load_scenarios([pack.as_posix()])
    ]
    return asyncio.run(
        pipeline.run(
            [plan for story in stories for plan in compile_scenario(story, 1)],
            read_description(SHOP / "badgateway.yaml"),
            workdir=tmp_path_factory.mktemp("bookshop"),
            reproduce=lambda plan: f"badgateway run {plan.scenario} --case {plan.case} --seed {plan.seed}",
            workers=2,
        )
    )


def case(one):
    return f"{one.plan.scenario} case {one.plan.case}"


def is_for_several(one):
    return len(one.plan.merchants) > 1


def test_a_story_of_several_merchants_is_not_played_and_says_why(played):
    several = [one.verdict for one in played if is_for_several(one)]

    assert several
    assert {verdict.state for verdict in several} == {"unknown"}
    assert all("badgateway.yaml names none under merchants" in " ".join(one.problems) for one in several)


def test_nothing_that_it_does_is_called_broken(played):
    blamed = {
        case(one): [finding.sentence for finding in (one.verdict.cause, *one.verdict.consequences) if finding]
        for one in played
        if one.verdict.state == "broken"
    }

    assert blamed == {}


def test_unknown_is_only_what_could_not_strike_here(played):
    unknown = {
        one.plan.scenario: one.verdict
        for one in played
        if one.verdict.state != "held" and not is_for_several(one)
    }

    assert set(unknown) == set(CANNOT_FIRE)
    for verdict in unknown.values():
        assert verdict.state == "unknown"
        assert verdict.faults_fired < verdict.faults_planned
        assert [problem for problem in verdict.problems if "did not fire" not in problem] == []


def test_every_other_fault_fires(played):
    silent = [
        case(one)
        for one in played
        if one.verdict.faults_fired < one.verdict.faults_planned
        and one.plan.scenario not in CANNOT_FIRE
        and not is_for_several(one)
    ]

    assert silent == []


def test_it_is_sent_no_webhook(played):
    assert [case(one) for one in played for entry in one.entries if entry.lane == "webhook"] == []


def test_every_law_that_needs_no_webhook_is_put_to_the_test(played):
    rows = [row for one in played for row in one.verdict.rows]

    tested = {row.code for row in rows if row.state == "held" and row.antecedents > 0}

    assert tested >= NEEDS_NO_WEBHOOK
    assert tested.isdisjoint(ABOUT_WEBHOOKS)
