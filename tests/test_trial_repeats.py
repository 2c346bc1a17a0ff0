"""Broken cases are played again: how often they break, and from which step on nothing mends them."""

import asyncio
from collections import Counter

import pytest

from badgateway.ground.clock import Clock
from badgateway.journal.journal import Journal
from badgateway.plan.compile import compile_scenario
from badgateway.plan.materialise import to_data
from badgateway.scenario.load import read_scenario
from badgateway.trial import BEGINNINGS_MAX, RACY_PLAYS, REPEATED_MAX, SURE_PLAYS, Court

STORY = """\
title: One order is paid, and looked at
providers: [stripe]
steps: [{{pay: {{order: o1, amount: 49.99}}}}, {syncs}]
"""


def plan(syncs=2, path="story.yaml"):
    text = STORY.format(syncs=", ".join(["sync"] * syncs))
    return compile_scenario(read_scenario(text, path), 1)[0]


class Troupe:
    """A company in whose plays the provider captures twice, where `is_broken` says so."""

    def __init__(self, is_broken):
        self.players = [1]
        self.played = Counter()
        self.is_broken = is_broken

    async def perform(self, _player, made, role, _path=None):
        self.played[role] += 1
        journal = Journal(Clock(1_700_000_000_000))
        told = {"integration": "none", "revision": "1", "judgeable": ["status"], "nonce": "n", "role": role}
        told |= {"scenario": made.scenario, "title": made.title, "case": 1, "seed": 1, "is_strict": True}
        declares = {"deadline_ms": 1_000}
        journal.write("run.started", plan=to_data(made), declares=declares, provider="stripe", **told)
        agreed = {"reference": "r", "amount_minor": 4999, "currency": "EUR", "capture": "automatic"}
        journal.write("run.order", "o1", card="approved", shopper="Ann", **agreed)
        for seq in range(1, 3 if self.is_broken(made, role, self.played[role]) else 2):
            entry = {"seq": seq, "kind": "capture", "payment": f"pi_{seq}", "amount_minor": 4999}
            journal.write("ledger.entry", "o1", currency="EUR", cause="call1", **entry)
        journal.write("run.finished", is_quiescent=True, rounds=1, why=None, quiet_ms=0.0)
        await asyncio.sleep(0)
        return tuple(journal.entries)


def hear(troupe, folder, *plans, is_repeating=True, **settings):
    court = Court(troupe, folder, lambda _: "again", is_repeating=is_repeating, **settings)
    return asyncio.run(court.hear_all(plans, lambda _: None))


def test_what_breaks_each_time_in_the_same_way_is_played_a_few_times(tmp_path):
    troupe = Troupe(lambda *_: True)

    (result,) = hear(troupe, tmp_path, plan())

    replays = result.verdict.replays
    assert (replays.plays, replays.broke, replays.is_racy) == (SURE_PLAYS, SURE_PLAYS, False)
    assert troupe.played["replay"] == SURE_PLAYS - 1
    assert len(result.plays) == SURE_PLAYS


def test_what_breaks_sometimes_is_racy_and_counted_over_many_plays(tmp_path):
    troupe = Troupe(lambda _plan, role, n: role == "main" or (role == "replay" and n % 3 == 0))

    (result,) = hear(troupe, tmp_path, plan())

    replays = result.verdict.replays
    assert (replays.plays, replays.broke, replays.is_racy) == (RACY_PLAYS, 4, True)
    assert replays.low < 0.4 < replays.high


@pytest.mark.parametrize(("needed", "step"), [(3, 3), (2, 2), (1, 1)])
def test_the_point_of_no_return_is_the_first_step_whose_beginning_breaks(tmp_path, needed, step):
    troupe = Troupe(lambda made, *_: len(made.steps) >= needed)

    (result,) = hear(troupe, tmp_path, plan(syncs=2))

    assert result.verdict.no_return == step


def test_a_long_story_is_not_followed_to_its_beginning(tmp_path):
    troupe = Troupe(lambda *_: True)

    (result,) = hear(troupe, tmp_path, plan(syncs=BEGINNINGS_MAX + 3))

    assert result.verdict.no_return is None
    assert troupe.played["beginning"] == BEGINNINGS_MAX


def test_only_the_first_broken_cases_of_a_run_are_played_again(tmp_path):
    troupe = Troupe(lambda *_: True)
    plans = [plan(path=f"story{n}.yaml") for n in range(REPEATED_MAX + 2)]

    results = hear(troupe, tmp_path, *plans)

    told = [result.verdict.replays is not None for result in results]
    assert told == [True] * REPEATED_MAX + [False] * 2


def test_nothing_is_played_again_unasked_or_where_all_held(tmp_path):
    broken, whole = Troupe(lambda *_: True), Troupe(lambda *_: False)

    (first,) = hear(broken, tmp_path, plan(), is_repeating=False)
    (second,) = hear(whole, tmp_path, plan())

    assert first.verdict.replays is second.verdict.replays is None
    assert set(broken.played) == set(whole.played) == {"main"}


def test_a_race_that_held_twice_in_different_ways_is_played_until_it_breaks(tmp_path):
    class Racing(Troupe):
        async def perform(self, player, made, role, path=None):
            told = await super().perform(player, made, role, path)
            return told[: len(told) - sum(self.played.values()) % 2]  # every other time its end is missing

    troupe = Racing(lambda _plan, role, n: role == "replay" and n == 3)

    (result,) = hear(troupe, tmp_path, plan(), is_checking_determinism=True)

    verdict = result.verdict
    assert verdict.state == "broken"
    assert (verdict.replays.plays, verdict.replays.broke, verdict.replays.is_racy) == (RACY_PLAYS, 1, True)
    assert (troupe.played["main"], troupe.played["again"]) == (1, 1)
    assert any(entry.data["amount_minor"] for entry in result.entries if entry.kind == "ledger.entry")


class Sluggish(Troupe):
    """A company in which a payment takes longer than declared, in the plays that `is_late` names."""

    def __init__(self, is_late, is_broken=lambda *_: False):
        super().__init__(is_broken)
        self.is_late = is_late

    async def perform(self, player, made, role, path=None):
        entries = await super().perform(player, made, role, path)
        journal = Journal(Clock(1_700_000_000_000))
        for one in entries[:-1]:
            journal.write(one.kind, one.order, **one.data)
        journal.write(
            "op.invoked", "o1", op="op1", step=1, do="pay", amount_minor=4999, currency="EUR", intent="o1"
        )
        took = 5_600.0 if self.is_late(self.played[role]) else 40.0
        told = {"outcome": "ok", "http_status": 200, "status": "PAID", "elapsed_ms": took, "parked_ms": 0.0}
        journal.write("op.returned", "o1", op="op1", do="pay", problem=None, **told)
        journal.write(entries[-1].kind, None, **entries[-1].data)
        return tuple(journal.entries)


def test_a_machine_that_stood_still_once_is_not_taken_for_a_slow_integration(tmp_path):
    troupe = Sluggish(lambda play: play == 1)

    (result,) = hear(troupe, tmp_path, plan())

    assert result.verdict.cause is None
    assert troupe.played["main"] == 2


def test_what_is_late_in_each_play_is_broken(tmp_path):
    troupe = Sluggish(lambda _: True)

    (result,) = hear(troupe, tmp_path, plan())

    assert result.verdict.cause.invariant == "nothing_left_pending"
    assert troupe.played["main"] == 2


def test_what_is_wrong_beside_its_slowness_counts_at_once(tmp_path):
    troupe = Sluggish(lambda _: True, is_broken=lambda *_: True)

    (result,) = hear(troupe, tmp_path, plan())

    assert result.verdict.state == "broken"
    assert troupe.played["main"] == 1
