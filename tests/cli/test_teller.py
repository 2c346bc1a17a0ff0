"""Results are told in the order of the plans."""

import json

import pytest

from badgateway.cli.output import Output
from badgateway.cli.selection import Selection, plans
from badgateway.cli.teller import STORIES_MAX, Teller
from badgateway.journal.entry import Entry
from badgateway.trial import CaseResult
from badgateway.verdict.model import Verdict

ENTRY = Entry(1, 0, 0.0, "run.phase", None, {"name": "heal"})


@pytest.fixture
def results():
    """Give one held result for each of three seeds."""
    chosen = plans(Selection(("scenarios/lifecycle/pay.yaml",), seeds=3))
    return [CaseResult(plan, a_verdict(plan), (ENTRY,), None, 5.0) for plan in chosen]


def a_verdict(plan, state="held"):
    return Verdict(
        scenario=plan.scenario,
        title=plan.title,
        case=plan.case,
        cases=plan.cases,
        seed=plan.seed,
        state=state,
        rows=(),
        cause=None,
        consequences=(),
        faults_planned=0,
        faults_fired=0,
        fingerprint="0" * 16,
        reproduce=f"badgateway run {plan.scenario} --seed {plan.seed}",
    )


def seeds(text):
    return [line.rpartition(" ")[2] for line in text.splitlines() if line.startswith("held ")]


def test_a_result_waits_for_those_before_it(results, capsys):
    teller = Teller([result.plan for result in results], Output())

    teller.add(results[2])
    assert capsys.readouterr().out == ""
    teller.add(results[0])
    assert seeds(capsys.readouterr().out) == ["1"]
    teller.add(results[1])
    assert seeds(capsys.readouterr().out) == ["2", "3"]


def test_what_came_after_a_gap_is_told_at_the_end(results, capsys):
    teller = Teller([result.plan for result in results], Output())
    teller.add(results[2])

    teller.close(10)

    told = capsys.readouterr().out
    assert seeds(told) == ["3"]
    assert "1 held, 0 broken, 0 unknown" in told


def test_under_a_progress_bar_everything_is_told_at_the_end(results, capsys):
    teller = Teller([result.plan for result in results], Output(), is_held_back=True)
    for result in results:
        teller.add(result)
    assert capsys.readouterr().out == ""

    teller.close(10)

    assert seeds(capsys.readouterr().out) == ["1", "2", "3"]


def test_json_comes_once_and_whole(results, capsys):
    teller = Teller([result.plan for result in results], Output(form="json"))
    for result in results:
        teller.add(result)

    teller.close(10)

    assert len(json.loads(capsys.readouterr().out)["cases"]) == 3


def test_ndjson_comes_as_it_happens(results, capsys):
    teller = Teller([result.plan for result in results], Output(form="ndjson"))

    teller.add(results[0])

    assert json.loads(capsys.readouterr().out)["kind"] == "run.phase"


def test_quiet_tells_only_what_is_not_held(results, capsys):
    broken = CaseResult(results[1].plan, a_verdict(results[1].plan, "unknown"), (ENTRY,), None, 5.0)
    teller = Teller([result.plan for result in results], Output(is_quiet=True))

    for result in (results[0], broken, results[2]):
        teller.add(result)

    told = capsys.readouterr().out
    assert told.startswith("unknown  scenarios/lifecycle/pay.yaml")
    assert "held" not in told


def test_a_run_that_ended_before_any_result_tells_nothing(results, capsys):
    Teller([result.plan for result in results], Output()).close(10)

    assert capsys.readouterr().out == ""


def test_after_a_few_stories_the_rest_is_told_in_brief(capsys):
    chosen = plans(Selection(("scenarios/lifecycle/pay.yaml",), seeds=STORIES_MAX + 2))
    teller = Teller(chosen, Output())

    for plan in chosen:
        teller.add(CaseResult(plan, a_verdict(plan, "unknown"), (ENTRY,), None, 5.0))

    told = capsys.readouterr().out
    assert told.count("Reproduce: ") == STORIES_MAX
    assert told.count("badgateway run ") == STORIES_MAX + 2
