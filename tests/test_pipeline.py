"""From files to verdicts: what is loaded, played on how many integrations, and what a journal replays."""

import asyncio
from dataclasses import replace

import pytest

from badgateway import pipeline
from badgateway.cli.target import embedded
from badgateway.errors import InputError, IntegrationDown, NothingSelected
from badgateway.ground.clock import Clock
from badgateway.integration.model import Start
from badgateway.journal.journal import Journal
from badgateway.journal.ndjson import read_journal

PAY = "title: One order\nwhy: It is paid.\nproviders: [stripe]\nsteps:\n  - pay: {order: o1, amount: 49.99}\n"
CASES = PAY + 'matrix: {copies: [2, 3]}\ndeliveries: [{event: "payment.succeeded[1]", copies: $copies}]\n'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.yaml").write_text(PAY, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(CASES, encoding="utf-8")
    return tmp_path


def run(plans, folder, description=None, **settings):
    return asyncio.run(
        pipeline.run(
            plans,
            description or embedded().description,
            workdir=folder / "work",
            reproduce=lambda plan: f"again, seed {plan.seed}",
            **settings,
        )
    )


def test_every_case_of_every_scenario_is_compiled_with_every_seed(folder):
    plans = pipeline.load([str(folder)], [1, 2])

    assert [(plan.scenario[-6:], plan.case, plan.seed) for plan in plans] == [
        ("a.yaml", 1, 1),
        ("b.yaml", 1, 1),
        ("b.yaml", 2, 1),
        ("a.yaml", 1, 2),
        ("b.yaml", 1, 2),
        ("b.yaml", 2, 2),
    ]


def test_the_problems_of_all_files_come_at_once(folder):
    for name in ("c", "d"):
        (folder / f"{name}.yaml").write_text(PAY.replace("pay", "pey"), encoding="utf-8")

    with pytest.raises(InputError) as refused:
        pipeline.load([str(folder)], [1])

    assert {problem.file[-6:] for problem in refused.value.problems} == {"c.yaml", "d.yaml"}


def test_filters_that_match_nothing_are_told(folder):
    with pytest.raises(NothingSelected):
        pipeline.load([str(folder)], [1], words="nothing like it")


def test_there_are_never_more_integrations_than_plans(folder):
    results = run(pipeline.load([str(folder / "a.yaml")], [1]), folder, workers=4)

    assert [one.verdict.state for one in results] == ["held"]
    assert results[0].verdict.reproduce == "again, seed 1"
    assert [path.name for path in (folder / "work").glob("integration*")] == ["integration1"]


def test_a_journal_plays_again_and_is_the_same_story(folder):
    (first,) = run(pipeline.load([str(folder / "a.yaml")], [3]), folder)

    settings = {"workdir": folder / "again", "reproduce": lambda _: ""}
    again = asyncio.run(pipeline.replay(first.journal_path, embedded().description, **settings))

    assert again.plan == first.plan
    assert again.verdict.fingerprint == first.verdict.fingerprint
    assert again.verdict.state == "held"
    nonces = [read_journal(one.journal_path)[0].data["nonce"] for one in (first, again)]
    assert nonces[0] != nonces[1]


def test_a_journal_without_a_play_is_bad_input(folder):
    path = folder / "served.ndjson"
    journal = Journal(Clock(), path)
    journal.write("run.stray", path="/v1/events", method="GET", reason="nobody knows its key")
    journal.close()

    with pytest.raises(InputError, match="no play is recorded here"):
        asyncio.run(pipeline.replay(path, embedded().description, workdir=folder, reproduce=lambda _: ""))


def test_an_integration_that_cannot_be_started_ends_the_run_and_leaves_nothing_behind(folder):
    description = replace(embedded().description, start=Start(("no-such-program",)))

    with pytest.raises(IntegrationDown, match="'no-such-program' cannot be started"):
        run(pipeline.load([str(folder)], [1]), folder, description, workers=2)


def test_a_story_with_a_route_is_played_on_an_integration_of_its_own(folder):
    routed = PAY.replace("providers: [stripe]", "world: {route: [stripe, adyen]}")
    fault = 'faults: [{at: "stripe:charge[*]", do: reply, status: 429}]\n'
    (folder / "a.yaml").write_text(routed + fault, encoding="utf-8")
    plans = [plan for plan in pipeline.load([str(folder)], [1]) if plan.case == 1]

    results = run(plans, folder)

    assert [result.plan.route for result in results] == [("stripe", "adyen"), ()]
    assert [result.verdict.state for result in results] == ["held", "held"]
    calls = [
        one.data for one in results[0].entries if one.kind == "call.arrived" and one.data["op"] == "charge"
    ]
    assert [one["provider"] for one in calls] == ["stripe"] * 3 + ["adyen"]
