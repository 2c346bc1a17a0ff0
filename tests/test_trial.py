"""One case on trial: which plays are made for it, which are shared, and where their journals are."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from badgateway.errors import BadGatewayError, IntegrationDown
from badgateway.ground.clock import Clock
from badgateway.journal.journal import Journal
from badgateway.plan.compile import compile_scenario
from badgateway.plan.materialise import to_data
from badgateway.scenario.load import read_scenario
from badgateway.trial import Alarm, Court, compared
from badgateway.verdict.judge import judge

STORY = """\
title: One order is paid
why: It is the smallest story.
providers: [stripe]
steps:
  - pay: {order: o1, amount: 49.99}
"""
FAULT = 'faults: [{at: "charge[1]", phase: after_commit, do: close}]\n'
DELIVERY = 'deliveries: [{event: "payment.succeeded[1]", copies: 2}]\n'
BURST = 'deliveries: [{event: "payment.succeeded[1]", copies: 2, how: at_once}]\n'


def plan(more="", path="story.yaml", seed=1):
    (made,) = compile_scenario(read_scenario(STORY + more, path), seed)
    return made


def entries(made, role="main", *happened):
    """Write the journal of a play in which little happened."""
    journal = Journal(Clock(1_700_000_000_000))
    journal.write(
        "run.started",
        scenario=made.scenario,
        title=made.title,
        case=made.case,
        seed=made.seed,
        nonce="n",
        role=role,
        plan=to_data(made),
        integration="none",
        revision="1",
        declares={"deadline_ms": 1_000},
        judgeable=["status"],
        provider=made.provider,
        is_strict=made.is_strict,
    )
    for kind, order, data in happened:
        journal.write(kind, order, **data)
    journal.write("run.finished", is_quiescent=True, rounds=1, why=None, quiet_ms=0.0)
    return tuple(journal.entries)


@dataclass
class Troupe:
    """A company whose plays are written beforehand."""

    players: list = field(default_factory=lambda: [1])
    played: list = field(default_factory=list)
    falls_at: int = 0  # the play, counted from 1, in which the integration dies
    order: list = field(default_factory=list)

    async def perform(self, player, made, role, path=None):
        self.played.append((role, made.scenario, path.name if path else None))
        self.order.append(player)
        if len(self.played) == self.falls_at:
            raise IntegrationDown("it died")
        await asyncio.sleep(0)
        return entries(made, role)


def hear(troupe, folder, *plans, **settings):
    results = []
    court = Court(troupe, folder, lambda made: f"again {made.scenario}", **settings)
    told = asyncio.run(court.hear_all(plans, results.append))
    return told, results


def roles(troupe):
    return [role for role, _, _ in troupe.played]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", ["main"]),
        (FAULT, ["baseline", "main"]),
        (DELIVERY, ["baseline", "main"]),
        (FAULT + DELIVERY, ["baseline", "twin", "main"]),
    ],
    ids=["nothing", "a fault", "a delivery", "both"],
)
def test_a_baseline_and_a_twin_are_played_where_they_say_something(tmp_path, more, expected):
    troupe = Troupe()

    hear(troupe, tmp_path, plan(more))

    assert roles(troupe) == expected


def test_the_same_story_on_a_good_day_is_played_once(tmp_path):
    troupe = Troupe()

    hear(troupe, tmp_path, plan(FAULT, "a.yaml"), plan(DELIVERY, "b.yaml"), plan(FAULT, "c.yaml", seed=2))

    assert roles(troupe) == ["baseline", "main", "main", "baseline", "main"]


def test_two_players_who_need_the_same_baseline_at_once_share_it(tmp_path):
    troupe = Troupe(players=[1, 2])

    hear(troupe, tmp_path, plan(FAULT, "a.yaml"), plan(DELIVERY, "b.yaml"))

    assert sorted(roles(troupe)) == ["baseline", "main", "main"]


def test_results_come_in_the_order_of_the_plans_whoever_plays_them(tmp_path):
    plans = [plan(path=f"{name}.yaml") for name in "abcdef"]

    told, as_they_came = hear(Troupe(players=[1, 2, 3]), tmp_path, *plans)

    assert [one.plan.scenario for one in told] == [made.scenario for made in plans]
    assert {one.plan.scenario for one in as_they_came} == {made.scenario for made in plans}
    assert told[0].verdict.reproduce == "again a.yaml"


def test_each_play_has_a_journal_of_its_own(tmp_path):
    troupe = Troupe()

    hear(
        troupe,
        tmp_path,
        plan(FAULT + DELIVERY, "a/b_c.yaml"),
        plan(path="a-b/c.yaml"),
        is_checking_determinism=True,
    )

    names = [name for _, _, name in troupe.played]
    assert len(set(names)) == len(names) == 6
    assert names[:4] == [
        "a-b-c-case1-seed1-baseline.ndjson",
        "a-b-c-case1-seed1-twin.ndjson",
        "a-b-c-case1-seed1.ndjson",
        "a-b-c-case1-seed1-again.ndjson",
    ]


def test_a_name_that_no_file_system_takes_is_shortened(tmp_path):
    troupe = Troupe()

    hear(troupe, tmp_path, plan(path=f"{'very/long/' * 40}story.yaml"))

    (_, _, name) = troupe.played[0]
    assert len(name) < 200
    assert name.endswith("long-story-case1-seed1.ndjson")


def test_what_was_heard_before_an_integration_died_is_told(tmp_path):
    results = []
    court = Court(Troupe(falls_at=3), tmp_path, lambda _: "")
    plans = [plan(path=f"{name}.yaml") for name in "abcd"]

    with pytest.raises(IntegrationDown):
        asyncio.run(court.hear_all(plans, results.append))

    assert [one.plan.scenario for one in results] == ["a.yaml", "b.yaml"]


def test_a_baseline_that_was_broken_off_is_broken_off_for_all(tmp_path):
    court = Court(Troupe(players=[1, 2], falls_at=1), tmp_path, lambda _: "")

    with pytest.raises(IntegrationDown):
        asyncio.run(court.hear_all([plan(FAULT, "a.yaml"), plan(FAULT, "b.yaml")], lambda _: None))


def test_two_plays_that_went_the_same_way_leave_the_verdict_alone():
    made = plan()
    verdict = judge(entries(made))

    assert compared(verdict, made, entries(made), entries(made)) == verdict


def test_two_plays_that_went_differently_make_it_unknown():
    made = plan()
    one, other = entries(made), entries(made, "main", ("run.phase", None, {"name": "heal"}))

    verdict = compared(judge(one), made, one, other)

    assert verdict.state == "unknown"
    assert "went differently" in verdict.problems[-1]


def test_what_is_broken_stays_broken_however_the_second_play_went():
    made = plan()
    one, other = entries(made), entries(made, "main", ("run.phase", None, {"name": "heal"}))

    verdict = compared(replace(judge(one), state="broken"), made, one, other)

    assert verdict.state == "broken"
    assert len(verdict.problems) == 1


def test_members_of_a_deliberate_race_may_end_in_either_order():
    made = plan(BURST)
    sent = [("webhook.sent", "o1", _sent(n)) for n in (1, 2)]
    answered = [("webhook.answered", "o1", _answered(n)) for n in (1, 2)]
    one = entries(made, "main", *sent, *answered)
    other = entries(made, "main", *sent, *reversed(answered))

    assert made.is_racing
    assert compared(judge(one), made, one, other).problems == judge(one).problems


def _sent(n):
    return {
        "delivery": f"delivery{n}",
        "event": "evt_1",
        "name": "payment.succeeded",
        "wire_type": "payment_intent.succeeded",
        "attempt": 1,
        "copy": n,
        "class": "genuine" if n == 1 else "duplicate",
        "how": "at_once",
        "signature": "ok",
    }


def _answered(n):
    return {
        "delivery": f"delivery{n}",
        "status": 200 if n == 1 else 409,
        "elapsed_ms": 1.0,
        "parked_ms": 0.0,
        "problem": None,
    }


def test_a_bug_of_ours_ends_the_run_at_once():
    alarm = Alarm()

    async def story():
        async with alarm.watching():
            asyncio.get_running_loop().call_soon(alarm.ring, BadGatewayError("the simulator failed"))
            await asyncio.Event().wait()

    with pytest.raises(BadGatewayError, match="the simulator failed"):
        asyncio.run(story())


def test_an_alarm_that_nobody_rings_changes_nothing():
    async def story():
        async with Alarm().watching():
            await asyncio.sleep(0)
        return "done"

    assert asyncio.run(story()) == "done"


def test_an_interrupt_is_not_taken_for_a_bug():
    async def story():
        async with Alarm().watching():
            await asyncio.Event().wait()

    async def interrupted():
        task = asyncio.ensure_future(story())
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(interrupted())
