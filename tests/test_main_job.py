"""The main job, end to end over real sockets: the pack against the reference, and against planted defects."""

import asyncio
from dataclasses import replace

import pytest

from badgateway import pipeline
from badgateway.cli.target import embedded
from badgateway.ground.artifacts import artifact_dir
from badgateway.journal.fingerprint import happenings
from badgateway.journal.ndjson import read_journal
from badgateway.plan.compile import compile_scenario
from badgateway.scenario.load import load_scenarios
from badgateway.verdict.judge import judge

pytestmark = [
    pytest.mark.xdist_group("main job"),
    pytest.mark.timeout(600),
]  # whole stories, on a busy machine
PACK = artifact_dir("scenarios")
# Planted defect -> the story that shows it, and the code of the law that must break (facts: primary).
CAUGHT = {
    "retry-new-key": ("retries/lost_answer", {"M1"}),
    "timeout-marked-failed": ("retries/no_answer_at_all", {"M5"}),
    "dup-sequential": ("webhooks/duplicates", {"E1"}),
    "dup-concurrent": ("webhooks/duplicates", {"E1"}),
    "out-of-order-regress": ("webhooks/older_state_arrives_later", {"E2", "E3"}),
    "missing-webhook-no-poll": ("webhooks/answer_and_webhook_lost", {"M5"}),
    "forged-unsigned": ("security/forged_success", {"E5"}),
    "zero-decimal-x100": ("money/zero_decimal_currency", {"M3"}),
}
RACE = "webhooks/duplicates"
SEVERAL_EVENTS = "lifecycle/refund_in_parts"


def plans(*names, seeds=(1,)):
    """Compile stories of the pack, named as their files are; without names all of it."""
    paths = [(PACK / f"{name}.yaml").as_posix() for name in names] or [PACK.as_posix()]
    stories = [
        replace(story, path=f"scenarios/{story.path.rpartition('scenarios/')[2]}")
        for story in load_scenarios(paths)
    ]
    return [plan for seed in seeds for story in stories for plan in compile_scenario(story, seed)]


def play(asked, workdir, *, defect=None, **settings):
    target = embedded(defect)
    return asyncio.run(
        pipeline.run(
            asked,
            target.description,
            workdir=workdir,
            reproduce=lambda plan: f"badgateway run {plan.scenario}",
            extra_arguments=target.extra_arguments,
            **settings,
        )
    )


def states(verdict):
    return {row.invariant: row.state for row in verdict.rows}


@pytest.fixture(scope="module")
def smoke(tmp_path_factory):
    """Play the smoke stories twice with one seed on two integrations."""
    chosen = [plan for plan in plans() if "smoke" in plan.tags]
    results = play(chosen, tmp_path_factory.mktemp("smoke"), workers=2, check_determinism=True)
    # Plays beside other tests may differ by a call that ran into its time-out: such a case is played again.
    return [one if one.verdict.state == "held" else again(one, tmp_path_factory) for one in results]


def again(result, tmp_path_factory):
    """Play one case once more, alone."""
    return play([result.plan], tmp_path_factory.mktemp("again"), check_determinism=True)[0]


def test_everything_is_held_and_every_planned_fault_fires(smoke):
    told = {(one.plan.scenario, one.plan.case): (one.verdict.state, one.verdict.problems) for one in smoke}

    assert told == dict.fromkeys(told, ("held", ()))
    assert all(one.verdict.faults_fired == one.verdict.faults_planned for one in smoke)
    assert sum(one.verdict.faults_planned for one in smoke) >= 10


def test_the_same_seed_gives_the_same_fingerprint(smoke):
    """A deviation would be a problem of its verdict; here the two plays are compared word by word."""
    calm = [one for one in smoke if not one.plan.is_racing]
    differing = {
        (one.plan.scenario, one.plan.case): sorted(set(happenings(one.plays[-1])) ^ set(happenings(again)))
        for one in calm
        for again in one.plays[-2:-1]
        if happenings(one.plays[-1]) != happenings(again)
    }

    assert differing == {}
    assert len(calm) > len(smoke) / 2
    assert any(one.plan.is_racing for one in smoke)


def test_a_race_may_go_either_way_and_its_verdict_does_not(smoke):
    """What lies outside the race is compared by the run itself, and would be a problem of its verdict."""
    racing = [one for one in smoke if one.plan.is_racing]

    for one in racing:
        again, first = one.plays[-2:]
        assert states(judge(again)) == states(judge(first))

    assert len(racing) >= 3


def test_every_journal_is_kept_and_reads_as_it_was_written(smoke):
    for one in smoke:
        assert tuple(read_journal(one.journal_path)) == one.entries


@pytest.mark.parametrize("workers", [1, 4])
def test_the_number_of_workers_changes_no_verdict(smoke, tmp_path, workers):
    names = ("retries/lost_answer", "lifecycle/refund_in_parts", RACE)

    results = play(plans(*names), tmp_path, workers=workers)

    with_two = {(one.plan.scenario, one.plan.case): one.verdict for one in smoke}
    for one in results:
        known = with_two[one.plan.scenario, one.plan.case]
        assert states(one.verdict) == states(known)
        if not one.plan.is_racing:
            assert one.verdict.fingerprint == known.fingerprint


def test_ten_seeds_of_a_story_with_several_events_are_different_days(tmp_path):
    results = play(plans(SEVERAL_EVENTS, seeds=range(1, 11)), tmp_path, workers=2)

    assert {one.verdict.state for one in results} == {"held"}
    assert len({one.verdict.fingerprint for one in results}) >= 5


@pytest.mark.parametrize("defect", CAUGHT)
def test_a_planted_defect_is_caught_by_the_law_that_its_row_names(tmp_path, defect):
    story, codes = CAUGHT[defect]
    is_together = defect == "dup-concurrent"
    case = next(plan for plan in plans(story) if (plan.matrix.get("how") == "at_once") == is_together)

    (result,) = play([case], tmp_path, defect=defect)

    assert result.verdict.state == "broken"
    findings = [result.verdict.cause, *result.verdict.consequences]
    assert codes & {finding.code for finding in findings}, findings
    assert all(finding.proof for finding in findings)
