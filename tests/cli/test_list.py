"""What may be named."""

import json

import pytest

from badgateway.cli.list import KINDS
from badgateway.errors import InputError
from badgateway.ground.artifacts import artifact_dir
from badgateway.scenario.load import read_scenario


def refused(text):
    """Give what is wrong with a story, if anything is."""
    try:
        read_scenario(text, "story.yaml")
    except InputError as error:
        return [str(problem) for problem in error.problems]
    return []


def bundled(story):
    return (artifact_dir("scenarios").parent / story).read_text()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_line_for_each_part(badgateway, kind):
    short, long_ = badgateway("list", kind), badgateway("list", kind, "--long")
    parts = json.loads(badgateway("list", kind, "--json").stdout)

    assert (short.exit_code, long_.exit_code) == (0, 0)
    assert [line.split()[0] for line in short.stdout.splitlines()] == [part["name"] for part in parts]
    assert all(part["name"] in long_.stdout and part["summary"] for part in parts)


def test_an_unknown_kind_is_bad_input(badgateway):
    result = badgateway("list", "fautls")

    assert result.exit_code == 2
    assert "faults" in result.stderr


def test_faults_say_their_parameters(badgateway):
    parts = {part["name"]: part for part in json.loads(badgateway("list", "faults", "--json").stdout)}

    assert [option["name"] for option in parts["reply"]["options"]]
    assert parts["close"]["remedy"]


def test_defects_name_the_law_that_catches_them(badgateway):
    parts = {part["name"]: part for part in json.loads(badgateway("list", "defects", "--json").stdout)}

    assert parts["retry-new-key"]["caught_by"]


def test_steps_and_deliveries_say_how_they_are_written(badgateway):
    steps = {part["name"]: part for part in json.loads(badgateway("list", "steps", "--json").stdout)}
    told = badgateway("list", "deliveries", "--long").stdout

    assert steps["advance"]["written"] == "- advance: 3d"
    assert [field["name"] for field in steps["pay"]["fields"]][:2] == ["order", "amount"]
    assert "in_turn, at_once" in told
    assert 'written: - {event: "payment.succeeded[1]", lose: true}' in told


def test_a_race_is_listed_among_the_steps(badgateway):
    steps = {part["name"]: part for part in json.loads(badgateway("list", "steps", "--json").stdout)}

    assert steps["together"]["written"] == "- together: [pay: o1, pay: o1]"
    assert all("together:" in bundled(story) for story in steps["together"]["stories"])


def test_waits_of_a_provider_are_told_as_people_write_them(badgateway):
    told = badgateway("list", "providers", "--long").stdout

    assert "retry ladder: 1h, 2h, 4h, 8h, 4 x 12h, 9h" in told


def test_a_fault_names_stories_in_which_it_strikes(badgateway):
    parts = {part["name"]: part for part in json.loads(badgateway("list", "faults", "--json").stdout)}

    assert parts["close"]["stories"]
    assert all("do: close" in bundled(story) for story in parts["close"]["stories"])
    assert parts["close"]["written"] == '- {at: "charge[1]", phase: after_commit, do: close}'


def test_every_step_is_shown_as_it_can_be_written(badgateway):
    steps = json.loads(badgateway("list", "steps", "--json").stdout)
    written = "\n".join(f"  {part['written']}" for part in steps if part["name"] != "pay")

    problems = refused(f"title: A story\nworld: {{merchants: [a, b]}}\nsteps:\n  - pay: o1\n{written}\n")

    # The order of these steps makes no sense; that is told only of stories in whose shape nothing is wrong.
    assert "nobody asks the shopper of 'o1' to authenticate" in problems[0]


def test_a_docstring_is_told_in_whole_sentences(badgateway):
    told = badgateway("explain", "M1").stdout.splitlines()

    assert next(line for line in told if line.startswith("    M1.")).endswith("later was still charged.")


def test_a_planted_bug_says_how_it_is_seen(badgateway):
    assert "see it: badgateway demo --defect no-timeout" in badgateway("explain", "no-timeout").stdout


def test_a_scenario_says_why_once(badgateway):
    told = badgateway("list", "scenarios", "--long").stdout

    assert told.count("a thank-you page after a failed challenge ships for free") == 1
