"""Scenarios against an integration."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import badgateway as package
from badgateway.journal.ndjson import read_journal
from badgateway.report.write import KINDS

REFERENCE = Path(package.__file__).parent / "reference" / "badgateway.yaml"
ONE = ("scenarios/retries/lost_answer.yaml", "--case", "1")


def test_without_a_description_the_reference_is_taken_and_that_is_said(badgateway):
    result = badgateway("run", *ONE)

    assert result.exit_code == 0, result.output
    assert "the embedded reference integration is put to the test" in result.stderr
    assert result.stdout.startswith("held     scenarios/retries/lost_answer.yaml  case 1 of 2, seed 1")


def test_a_description_in_the_folder_is_taken(badgateway, folder):
    (folder / "badgateway.yaml").write_text(REFERENCE.read_text())

    result = badgateway("run", *ONE)

    assert (result.exit_code, result.stderr) == (0, ""), result.output


def test_stories_share_one_integration_and_who_does_not_is_told_with_the_reason(badgateway):
    stories = ["lifecycle/pay", "lifecycle/cancel_releases_hold", "availability/crash_after_charge"]
    paths = [f"scenarios/{name}.yaml" for name in stories]

    result = badgateway("run", *paths, "--config", "reference", "--workers", "1", "--worlds", "2")

    assert result.exit_code == 0, result.output
    assert "1 of 3 cases ran alone: it kills the integration" in result.stderr
    told = [line.split()[:2] for line in result.stdout.splitlines() if line.startswith("held ")]
    assert told == [["held", path] for path in paths]


def test_json_is_the_only_thing_on_stdout(badgateway):
    result = badgateway("run", *ONE, "--format", "json")

    document = json.loads(result.stdout)
    assert document["summary"]["exit_code"] == result.exit_code == 0
    assert document["cases"][0]["faults_fired"] == 1


def test_ndjson_is_the_journal(badgateway, folder):
    result = badgateway("run", *ONE, "--format", "ndjson")

    (folder / "journal.ndjson").write_text(result.stdout)
    entries = read_journal(folder / "journal.ndjson")
    assert entries[0].kind == "run.started"
    assert "fault.fired" in {entry.kind for entry in entries}


def test_reports_are_written_where_they_are_asked_for(badgateway, folder):
    asked = [word for kind in KINDS for word in ("--report", kind)]

    result = badgateway("run", *ONE, *asked, "--report-dir", "out", "--defect", "retry-new-key")

    assert result.exit_code == 1
    assert sorted(path.name for path in (folder / "out").iterdir()) == [
        "annotations.txt",
        "journals",
        "junit.xml",
        "report.html",
        "report.json",
        "summary.md",
    ]
    assert ET.parse(folder / "out" / "junit.xml").getroot().get("failures") == "1"


def test_github_actions_gets_annotations_and_a_job_summary(badgateway, folder, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))

    result = badgateway("run", *ONE, "--defect", "retry-new-key")

    assert "::error file=scenarios/retries/lost_answer.yaml," in result.stderr
    assert "::error" not in result.stdout
    assert "Reproduce" in (folder / "summary.md").read_text()


def test_a_config_and_a_defect_do_not_go_together(badgateway, folder):
    (folder / "own.yaml").write_text(REFERENCE.read_text())

    result = badgateway("run", *ONE, "--config", "own.yaml", "--defect", "retry-new-key")

    assert result.exit_code == 2
    assert "--defect plants a bug in the embedded reference" in result.stderr


def test_a_description_with_problems_is_bad_input(badgateway, folder):
    (folder / "badgateway.yaml").write_text("name: x\nopertions: {}\n")

    result = badgateway("run", *ONE)

    assert result.exit_code == 2
    assert any(line.startswith("badgateway.yaml:2:1: ") for line in result.stderr.splitlines())


@pytest.mark.parametrize(
    "command", ['["{python}", "-c", "raise SystemExit(9)"]', '["no-such-program-anywhere"]']
)
def test_an_integration_that_does_not_start_is_the_environments_problem(badgateway, folder, command):
    start = '["{python}", "-m", "badgateway.reference", "--port", "{port}"]'
    (folder / "badgateway.yaml").write_text(REFERENCE.read_text().replace(start, command))

    result = badgateway("run", *ONE)

    assert result.exit_code == 3
    assert result.stderr
    assert "Traceback" not in result.stderr


def test_the_same_seed_twice_is_the_same_run(badgateway):
    result = badgateway("run", *ONE, "--check-determinism")

    assert result.exit_code == 0, result.output


def test_results_are_told_in_the_order_of_the_plans_whoever_is_first(badgateway):
    result = badgateway("run", ONE[0], "--seeds", "2", "--workers", "2")

    told = [line for line in result.stdout.splitlines() if line.startswith("held")]
    assert [line.partition("  case ")[2].partition(" (")[0] for line in told] == [
        "1 of 2, seed 1",
        "2 of 2, seed 1",
        "1 of 2, seed 2",
        "2 of 2, seed 2",
    ]


def test_stories_of_providers_that_an_integration_does_not_name_are_left_out(badgateway, folder):
    without = re.sub(r"(?m)^.*(\{adyen\.|  adyen:).*$", "", REFERENCE.read_text())
    (folder / "badgateway.yaml").write_text(without)
    paths = ["scenarios/lifecycle/pay.yaml", "scenarios/webhooks/several_in_one_request.yaml"]

    result = badgateway("run", *paths)

    assert result.exit_code == 0, result.output
    assert "1 of 2 cases are left out: badgateway.yaml does not name adyen" in result.stderr
    assert "several_in_one_request" not in result.stdout


def test_the_pack_is_played_for_another_merchant_and_that_is_said_in_the_line_that_repeats_it(badgateway):
    asked = (*ONE, "--merchant", "second", "--defect", "retry-new-key", "--format", "json")

    (case,) = json.loads(badgateway("run", *asked).stdout)["cases"]

    assert case["state"] == "broken"
    assert case["reproduce"].endswith("--defect retry-new-key --merchant second")


def test_a_merchant_whom_nobody_knows_is_refused_with_the_nearest_name(badgateway):
    result = badgateway("run", *ONE, "--merchant", "secnd")

    assert result.exit_code == 2
    assert "unknown merchant 'secnd'; did you mean 'second'?" in result.stderr


def test_stories_that_the_merchant_does_not_take_are_left_out_with_the_reason(badgateway):
    paths = [f"scenarios/money/{name}_decimal_currency.yaml" for name in ("zero", "three")]

    result = badgateway("run", *paths, "--merchant", "second")

    assert result.exit_code == 0, result.output
    assert "1 of 2 cases are left out: merchant second does not take KWD (1)" in result.stderr
    assert "three_decimal_currency" not in result.stdout


def test_where_no_story_is_the_merchants_nothing_is_played(badgateway):
    result = badgateway("run", "scenarios/money/three_decimal_currency.yaml", "--merchant", "second")

    assert result.exit_code == 5
    assert (
        "none of the 1 cases selected can be played: merchant second does not take KWD (1)" in result.stderr
    )


def test_a_merchant_who_holds_all_money_first_has_orders_held_that_leave_it_open(badgateway, folder):
    text = REFERENCE.read_text().replace(
        "CURRENCIES_SECOND:", "CAPTURE_SECOND: manual\n    CURRENCIES_SECOND:"
    )
    text = re.sub("second: .mode: live", "second: {mode: live, capture: manual, providers: [stripe]", text)
    (folder / "badgateway.yaml").write_text(text)
    (folder / "held.yaml").write_text(
        "title: Cancelled before anything was taken\nsteps: [{pay: o1}, {cancel: o1}]\n"
        "expect: {order: {o1: CANCELLED}}\n"
    )

    asked = ("held.yaml", "scenarios/lifecycle/pay.yaml", "--merchant", "second", "--format", "json")
    result = badgateway("run", *asked)

    (case,) = json.loads(result.stdout)["cases"]
    assert (case["state"], case["reproduce"].split("--")[-2:]) == (
        "held",
        ["provider stripe ", "merchant second"],
    )
    assert "merchant second has all its money taken with capture: manual (1)" in result.stderr
