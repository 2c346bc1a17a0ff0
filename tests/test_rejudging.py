"""A stored run judged again says what the run said: what counts, what is compared, what was played again."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from badgateway.cli.target import embedded
from badgateway.errors import InputError
from badgateway.ground.clock import Clock
from badgateway.journal.journal import Journal
from badgateway.plan.compile import compile_scenario
from badgateway.plan.materialise import to_data
from badgateway.rejudging import rejudge
from badgateway.scenario.load import read_scenario
from badgateway.trial import Court

STORY = """\
title: One order is paid, and looked at
providers: [stripe]
steps: [{{pay: {{order: o1, amount: 49.99}}}}, sync, sync]
{more}
"""
FAULT = 'faults: [{at: "charge[1]", phase: after_commit, do: close}]'
BOTH = FAULT + '\ndeliveries: [{event: "payment.succeeded[1]", copies: 2}]'


def plan(path="story.yaml", more=""):
    return compile_scenario(read_scenario(STORY.format(more=more), path), 1)[0]


class Troupe:
    """A company that keeps its journals; a play breaks a law or goes another way where it is told to."""

    def __init__(self, is_broken=lambda *_: False, is_restless=lambda *_: False, turns=lambda *_: False):
        self.players, self.description = [1], embedded().description
        self.played = Counter()
        self.now_ms = 1_700_000_000_000
        self.is_broken, self.is_restless, self.turns = is_broken, is_restless, turns

    async def perform(self, _player, made, role, path):
        self.now_ms += 1_000
        self.played[made.scenario, role] += 1
        asked = (made, role, self.played[made.scenario, role])
        journal = Journal(Clock(self.now_ms), path)
        told = {"integration": "none", "revision": "1", "judgeable": ["status"], "nonce": "n", "role": role}
        told |= {"scenario": made.scenario, "title": made.title, "case": 1, "seed": 1, "is_strict": True}
        declares = {"deadline_ms": 1_000}
        journal.write("run.started", plan=to_data(made), declares=declares, provider="stripe", **told)
        agreed = {"reference": "r", "amount_minor": 4999, "currency": "EUR", "capture": "automatic"}
        journal.write("run.order", "o1", card="approved", shopper="Ann", **agreed)
        if made.faults:
            fired = {"at": "charge[1]", "phase": "after_commit", "do": "close", "call": "call1"}
            journal.write("fault.fired", "o1", fault=made.faults[0].index, mutation=None, drift=None, **fired)
        if self.turns(*asked):
            journal.write("run.phase", name="heal")
        for seq in range(1, 3 if self.is_broken(*asked) else 2):
            entry = {"seq": seq, "kind": "capture", "payment": f"pi_{seq}", "amount_minor": 4999}
            journal.write("ledger.entry", "o1", currency="EUR", cause="call1", **entry)
        is_quiescent = not self.is_restless(*asked)
        journal.write("run.finished", is_quiescent=is_quiescent, rounds=1, why="busy", quiet_ms=0.0)
        journal.close()
        await asyncio.sleep(0)
        return tuple(journal.entries)


def hear(troupe, folder, *plans, **settings):
    court = Court(troupe, folder, lambda _: "again", **settings)
    return asyncio.run(court.hear_all(plans, lambda _: None))


def again(place):
    return rejudge(place, lambda _: "again")


def said(results):
    return [
        (
            one.plan.scenario,
            one.verdict.state,
            one.verdict.problems,
            one.verdict.replays,
            one.verdict.no_return,
        )
        for one in results
    ]


def test_of_a_case_that_was_tried_again_alone_the_last_play_counts(tmp_path):
    troupe = Troupe(is_restless=lambda made, role, n: made.scenario == "b.yaml" and role == "main" and n == 1)
    plans = [plan(f"{name}.yaml", BOTH) for name in "abc"]

    run = hear(troupe, tmp_path, *plans, worlds=2)

    told = again(tmp_path)
    assert troupe.played["b.yaml", "main"] == 2
    assert {one.plan.scenario: one.verdict for one in told}["b.yaml"].problems == ()
    assert sorted(said(told)) == sorted(said(run))


def test_a_case_is_held_against_the_baseline_that_was_played_before_it(tmp_path):
    """The one beside others met a busy machine, that of the second sitting did not."""
    troupe = Troupe(
        is_broken=lambda _, role, n: role == "baseline" and n == 2,
        is_restless=lambda made, role, n: made.scenario == "c.yaml" and role == "main" and n == 1,
    )
    plans = [plan(f"{name}.yaml", FAULT) for name in "abc"]

    run = hear(troupe, tmp_path, *plans, worlds=2)

    assert sorted(said(again(tmp_path))) == sorted(said(run))


@pytest.mark.parametrize("differs", [True, False], ids=["it differs", "it does not"])
def test_the_second_play_of_a_determinism_check_is_compared_as_on_the_day(tmp_path, differs):
    troupe = Troupe(turns=lambda _, role, __: differs and role == "again")

    run = hear(troupe, tmp_path, plan(), is_checking_determinism=True)

    told = again(tmp_path)
    assert any("went differently" in one for one in told[0].verdict.problems) is differs
    assert said(told) == said(run)


def test_how_often_it_broke_and_from_which_step_on_is_told_again(tmp_path):
    troupe = Troupe(is_broken=lambda made, *_: len(made.steps) >= 2)

    run = hear(troupe, tmp_path, plan(), is_repeating=True)

    told = again(tmp_path)
    assert (told[0].verdict.replays.plays, told[0].verdict.no_return) == (4, 2)
    assert said(told) == said(run)


def test_a_race_that_broke_in_one_of_its_plays_is_told_from_that_play(tmp_path):
    troupe = Troupe(
        is_broken=lambda _, role, n: role == "replay" and n == 3,
        turns=lambda _, role, __: role == "again",
    )

    run = hear(troupe, tmp_path, plan(), is_checking_determinism=True, is_repeating=True)

    told = again(tmp_path)
    assert told[0].verdict.state == "broken"
    assert told[0].journal_path == run[0].journal_path
    assert said(told) == said(run)


def test_a_journal_named_alone_takes_its_own_further_plays_and_no_others(tmp_path):
    troupe = Troupe(is_broken=lambda made, *_: made.scenario == "a.yaml")
    run = hear(troupe, tmp_path, plan("a.yaml"), plan("b.yaml"), is_repeating=True)

    told = again(tmp_path / "a-case1-seed1.ndjson")

    assert said(told) == said(run[:1])


def test_without_the_further_plays_nothing_is_said_of_them(tmp_path):
    hear(Troupe(is_broken=lambda *_: True), tmp_path, plan(), is_repeating=True)
    for path in [*tmp_path.glob("*-replay*"), *tmp_path.glob("*-beginning*")]:
        path.unlink()

    (told,) = again(tmp_path)

    assert told.verdict.state == "broken"
    assert told.verdict.replays is told.verdict.no_return is None


def test_a_play_of_another_role_is_no_case(tmp_path):
    hear(Troupe(), tmp_path, plan(more=FAULT))

    with pytest.raises(InputError, match="no journal of a case is kept here"):
        again(tmp_path / "story-case1-seed1-baseline.ndjson")
