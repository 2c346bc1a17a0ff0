"""A stored run told again, and judged by the laws of today."""

import json

from badgateway.invariants.base import Opinion
from badgateway.invariants.no_overcharge import NoOvercharge

STORY = "scenarios/retries/lost_answer.yaml"


def the_run(folder):
    (run,) = (folder / ".badgateway" / "runs").iterdir()
    return run


def test_the_latest_run_is_told_again_as_it_was_told(badgateway):
    played = badgateway("run", STORY, "--case", "1", "--defect", "retry-new-key")

    told = badgateway("report", "--rejudge")

    assert told.exit_code == played.exit_code == 1
    assert "0 of 1 verdicts differ from the day's" in told.stderr
    for line in ("BROKEN", "Cause", "Seen", "No way back", "Reproduce: "):
        assert [one for one in told.stdout.splitlines() if line in one][:1] == [
            one for one in played.stdout.splitlines() if line in one
        ][:1]


def test_the_baseline_of_the_day_is_found_again(badgateway):
    badgateway("run", STORY, "--case", "1", "--format", "json")

    told = json.loads(badgateway("report", "--format", "json").stdout)

    assert told["cases"][0]["baseline"] == "held"
    assert told["cases"][0]["state"] == "held"


def test_cases_come_in_the_order_of_the_plans_whoever_was_played_first(badgateway):
    played = json.loads(badgateway("run", STORY, "--workers", "2", "--format", "json").stdout)

    told = json.loads(badgateway("report", "--format", "json").stdout)

    assert [case["case"] for case in told["cases"]] == [case["case"] for case in played["cases"]]
    assert len(told["cases"]) > 1


def test_a_law_that_was_mended_since_changes_the_verdict_and_that_is_said(badgateway, monkeypatch):
    badgateway("run", STORY, "--case", "1", "--defect", "retry-new-key")
    monkeypatch.setattr(NoOvercharge, "judge", lambda *_: Opinion(1))

    told = badgateway("report", "--rejudge")

    assert f"{STORY} case 1 seed 1: was broken (no_overcharge, " in told.stderr
    assert "1 of 1 verdict differs from the day's" in told.stderr


def test_one_journal_alone_takes_the_baseline_beside_it(badgateway, folder):
    badgateway("run", STORY)
    (journal,) = (the_run(folder) / "journals").glob("*case2-seed1.ndjson")

    told = json.loads(badgateway("report", str(journal), "--format", "json").stdout)

    assert [(case["case"], case["baseline"]) for case in told["cases"]] == [(2, "held")]


def test_a_journal_that_was_tampered_with_is_refused_with_its_line(badgateway, folder):
    badgateway("run", STORY, "--case", "1")
    (journal,) = (the_run(folder) / "journals").glob("*case1-seed1.ndjson")
    journal.write_text(journal.read_text().replace('"EUR"', '"USD"', 1).replace('"JPY"', '"USD"', 1))

    told = badgateway("report")

    assert told.exit_code == 2
    assert "the chain is broken here" in told.stderr


def test_without_a_run_it_says_what_to_do(badgateway):
    told = badgateway("report")

    assert told.exit_code == 2
    assert "no run is kept in .badgateway/runs: play one first, or name its folder" in told.stderr


def test_a_folder_without_journals_is_bad_input(badgateway, folder):
    told = badgateway("report", str(folder))

    assert told.exit_code == 2
    assert "no journals lie here" in told.stderr


def test_a_damaged_note_of_a_run_is_named(badgateway, folder):
    badgateway("run", STORY, "--case", "1")
    (the_run(folder) / "run.json").write_text("{}")

    told = badgateway("report")

    assert told.exit_code == 2
    assert "run.json:1:1: this is no note of a run" in told.stderr
