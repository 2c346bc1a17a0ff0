"""Several plays at once on one running integration: who shares it, and that the verdicts stay the same."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from badgateway import pipeline
from badgateway.cli.target import embedded
from badgateway.ground.artifacts import artifact_dir
from badgateway.ground.clock import Clock
from badgateway.journal.journal import Journal
from badgateway.plan.compile import compile_scenario
from badgateway.plan.materialise import to_data
from badgateway.plan.model import Step
from badgateway.scenario.load import load_scenarios, read_scenario
from badgateway.trial import Court

STORY = "title: One order is paid\nproviders: [stripe]\nsteps:\n  - pay: {order: o1, amount: 49.99}\n"
# A part of the pack in which every hard thing is: lost answers, races, other merchants, what runs alone.
PART = (
    "retries/lost_answer",
    "retries/double_submit",
    "webhooks/duplicates",
    "lifecycle/authorize_and_capture",
    "lifecycle/refund_in_parts",
    "disputes/dispute_won",
    "tenancy/two_merchants",
    "availability/crash_after_charge",
)


def plan(path, *steps):
    (made,) = compile_scenario(read_scenario(STORY, path), 1)
    return replace(made, steps=(*made.steps, *steps))


class Troupe:
    """A company whose plays go well, or not as often as is said, and that counts how many are on."""

    def __init__(self, failing=()):
        self.players, self.description = [1], embedded().description
        self.failing, self.played = list(failing), []
        self.on = self.most = 0

    async def perform(self, _player, made, role, _path=None):
        self.on += 1
        self.most = max(self.most, self.on)
        self.played.append((made.scenario, self.on))
        await asyncio.sleep(0.005)
        self.played.append((made.scenario, 0))
        self.on -= 1
        is_quiescent = made.scenario not in self.failing
        if not is_quiescent:
            self.failing.remove(made.scenario)
        return self.journal(made, role, is_quiescent)

    def journal(self, made, role, is_quiescent):
        journal = Journal(Clock(1_700_000_000_000))
        told = {
            "scenario": made.scenario,
            "title": made.title,
            "case": 1,
            "seed": 1,
            "nonce": "n",
            "role": role,
        }
        journal.write(
            "run.started",
            **told,
            plan=to_data(made),
            integration="none",
            revision="1",
            declares={"deadline_ms": 1_000},
            judgeable=["status"],
            provider="stripe",
            is_strict=True,
        )
        journal.write("run.finished", is_quiescent=is_quiescent, rounds=1, why="busy", quiet_ms=0.0)
        return tuple(journal.entries)


def hear(troupe, folder, *plans, worlds=3):
    alone, told = [], []
    court = Court(
        troupe, folder, lambda _: "", worlds=worlds, on_alone=lambda one, why: alone.append((one, why))
    )
    results = asyncio.run(court.hear_all(plans, told.append))
    return results, told, alone


def test_so_many_plays_are_on_at_once_and_no_more(tmp_path):
    troupe = Troupe()

    results, _, alone = hear(troupe, tmp_path, *(plan(f"{name}.yaml") for name in "abcdefgh"))

    assert troupe.most == 3
    assert [one.plan.scenario[0] for one in results] == list("abcdefgh")
    assert {one.verdict.state for one in results} == {"vacuous"}
    assert alone == []


def test_the_first_case_is_tried_before_any_other(tmp_path):
    troupe = Troupe()

    hear(troupe, tmp_path, *(plan(f"{name}.yaml") for name in "abcd"))

    assert troupe.played[:2] == [("a.yaml", 1), ("a.yaml", 0)]


def test_what_cannot_share_is_tried_afterwards_and_the_reason_is_told(tmp_path):
    troupe = Troupe()
    kills = plan("b.yaml", Step(2, "kill"))

    results, _, alone = hear(troupe, tmp_path, plan("a.yaml"), kills, plan("c.yaml"), plan("d.yaml"))

    assert [(one.scenario, why) for one, why in alone] == [("b.yaml", "it kills the integration")]
    assert troupe.played[-2:] == [("b.yaml", 1), ("b.yaml", 0)]
    assert [one.plan.scenario[0] for one in results] == list("abcd")


def test_what_does_not_go_well_beside_others_is_tried_again_alone_and_told_once(tmp_path):
    troupe = Troupe(failing=["c.yaml"])

    results, told, alone = hear(troupe, tmp_path, *(plan(f"{name}.yaml") for name in "abcd"))

    assert {one.verdict.state for one in results} == {"vacuous"}
    assert sorted(one.plan.scenario[0] for one in told) == list("abcd")
    assert [one.scenario for one, _ in alone] == ["c.yaml"]


def test_a_verdict_that_stays_is_the_one_of_the_play_alone(tmp_path):
    troupe = Troupe(failing=["c.yaml", "c.yaml"])

    results, _, _ = hear(troupe, tmp_path, *(plan(f"{name}.yaml") for name in "abcd"))

    assert [one.verdict.state for one in results] == ["vacuous", "vacuous", "unknown", "vacuous"]


def states(results):
    return {(one.plan.scenario, one.plan.case): one.verdict.state for one in results}


@pytest.mark.xdist_group("pack")
def test_eight_worlds_at_once_give_the_verdicts_of_one_at_a_time(tmp_path):
    target = embedded()
    stories = load_scenarios([(artifact_dir("scenarios") / f"{name}.yaml").as_posix() for name in PART])
    plans = [made for story in stories for made in compile_scenario(story, 1)]
    alone = {}

    def played(worlds):
        settings = {"workdir": tmp_path / str(worlds), "reproduce": lambda _: "", "worlds": worlds}

        def on_alone(one, why):
            alone[one.scenario.rpartition("/")[2]] = why

        return asyncio.run(pipeline.run(plans, target.description, on_alone=on_alone, **settings))

    one_at_a_time, eight_at_once = played(1), played(8)

    assert states(eight_at_once) == states(one_at_a_time) == dict.fromkeys(states(one_at_a_time), "held")
    # What did not go well beside others is played again alone; on a busy machine that may be one of them.
    retried = [name for name, why in alone.items() if why.startswith("beside others")]
    assert set(alone) - set(retried) == {"crash_after_charge.yaml"}
    assert len(retried) <= 1
    for one in eight_at_once:
        strays = [entry for entry in one.entries if entry.kind == "run.stray"]
        assert all(entry.data["is_harmless"] for entry in strays)
