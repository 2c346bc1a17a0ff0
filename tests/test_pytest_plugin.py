"""Scenario files as pytest items."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import badgateway

# Loaded before pytester takes its snapshot of modules: the YAML parser's extension cannot be loaded twice.
from badgateway import pipeline
from badgateway.scenario.load import load_scenarios

assert pipeline
assert load_scenarios

STORY = """\
title: The charge succeeds but its answer is lost
why: A client that retries with a fresh key charges twice.
tags: [smoke]
matrix: {how: [close, reset]}
steps:
  - pay: {order: o1, amount: 49.99}
faults:
  - {at: "charge[1]", phase: after_commit, do: $how}
"""
REFERENCE = Path(badgateway.__file__).parent / "reference" / "badgateway.yaml"
LEAN = "addopts = ['-p', 'no:pact', '-p', 'no:schemathesis', '-p', 'no:cacheprovider']\n"


@pytest.fixture
def project(pytester):
    """Give a project that has one scenario and names its folder."""
    pytester.makepyprojecttoml(f"[tool.pytest.ini_options]\nbadgateway_scenarios = ['scenarios']\n{LEAN}")
    folder = pytester.mkdir("scenarios")
    (folder / "lost_answer.yaml").write_text(STORY)
    return pytester


def with_integration(project, *extra: str):
    """Describe the reference integration, with further words in its start command."""
    words = "".join(f', "{word}"' for word in extra)
    text = REFERENCE.read_text().replace('"{port}"]', f'"{{port}}"{words}]')
    (project.path / "badgateway.yaml").write_text(text)


def test_without_the_option_no_yaml_file_is_touched(pytester):
    pytester.makepyprojecttoml(f"[tool.pytest.ini_options]\n{LEAN}")
    (pytester.path / "lost_answer.yaml").write_text(STORY)

    result = pytester.runpytest("--collect-only", "-q", "lost_answer.yaml")

    assert "case1" not in result.stdout.str()


def test_loading_the_plugin_loads_nothing_else_of_badgateway():
    script = (
        "import sys, badgateway.pytest_plugin;"
        "print([name for name in sys.modules if name.startswith('badgateway.') and 'plugin' not in name])"
    )

    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert result.stdout.strip() == "[]"


def test_each_case_is_an_item(project):
    result = project.runpytest("--collect-only", "-q", "scenarios")

    result.stdout.fnmatch_lines(["scenarios/lost_answer.yaml::case1", "scenarios/lost_answer.yaml::case2"])


def test_a_file_can_be_named_and_a_case_chosen(project):
    result = project.runpytest("--collect-only", "-q", "scenarios/lost_answer.yaml::case2")

    result.stdout.fnmatch_lines(["scenarios/lost_answer.yaml::case2"])
    result.stdout.no_fnmatch_line("*case1")


def test_tags_are_keywords(project):
    (project.path / "scenarios" / "other.yaml").write_text(STORY.replace("[smoke]", "[slow]"))

    result = project.runpytest("--collect-only", "-q", "-k", "smoke", "scenarios")

    result.stdout.fnmatch_lines(["scenarios/lost_answer.yaml::case1"])
    result.stdout.no_fnmatch_line("*other.yaml*")


def test_yaml_elsewhere_stays_out(project):
    (project.path / "other.yaml").write_text(STORY)

    result = project.runpytest("--collect-only", "-q", ".")

    result.stdout.no_fnmatch_line("other.yaml*")


def test_a_malformed_scenario_is_an_error_with_its_place(project):
    (project.path / "scenarios" / "bad.yaml").write_text(STORY.replace("tags:", "tegs:"))

    result = project.runpytest("-q", "scenarios/bad.yaml")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*scenarios/bad.yaml:3:1: *tags*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_missing_description_is_one_sentence(project):
    result = project.runpytest("-q", "scenarios/lost_answer.yaml::case1")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*badgateway.yaml: cannot be read*"])


def test_a_correct_integration_passes(project):
    with_integration(project)

    result = project.runpytest("-q", "scenarios")

    result.assert_outcomes(passed=2)


def test_a_failure_is_the_verdict_with_money_and_reproduce_line(project):
    with_integration(project, "--defect", "retry-new-key")

    result = project.runpytest("-q", "--junit-xml=junit.xml", "scenarios/lost_answer.yaml::case1")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*the customer loses 49.99 EUR*",
            "*Timeline*",
            "*Reproduce: badgateway run scenarios/lost_answer.yaml --case 1 --seed 1",
        ]
    )
    properties = {
        found.get("name"): found.get("value")
        for found in ET.parse(project.path / "junit.xml").getroot().iter("property")
    }
    assert properties["seed"] == "1"
    assert properties["reproduce"].startswith("badgateway run")


FOR_STRIPE = STORY.replace("steps:", "providers: [stripe]\nsteps:")


def for_providers(project, *names):
    text = (project.path / "pyproject.toml").read_text()
    line = f"badgateway_providers = {list(names)!r}\n"
    (project.path / "pyproject.toml").write_text(
        text.replace("badgateway_scenarios", f"{line}badgateway_scenarios")
    )


def collected(project, *more):
    result = project.runpytest("--collect-only", "-q", *more, "scenarios")
    return [line for line in result.outlines if "::" in line]


def test_each_case_is_an_item_for_each_provider_of_the_ini(project):
    for_providers(project, "stripe", "adyen", "checkout")
    (project.path / "scenarios" / "own.yaml").write_text(FOR_STRIPE)

    found = collected(project)

    lost, own = ([one.partition("::")[2] for one in found if name in one] for name in ("lost_answer", "own"))
    assert lost == [f"case{n}-{name}" for name in ("stripe", "adyen", "checkout") for n in (1, 2)]
    assert own == ["case1-stripe", "case2-stripe"]


def test_the_command_line_comes_before_the_ini(project):
    for_providers(project, "stripe", "adyen")

    found = collected(project, "--badgateway-provider", "euler", "--badgateway-provider", "euler")

    assert [one.partition("::")[2] for one in found] == ["case1-euler", "case2-euler"]


def test_an_unknown_provider_gets_the_nearest_one(project):
    result = project.runpytest("-q", "--badgateway-provider", "adyn", "scenarios")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*did you mean 'adyen'*"])


def test_a_story_whose_card_a_provider_lacks_is_not_its(project):
    story = STORY.replace("amount: 49.99", "amount: 49.99, card: stolen_card")
    (project.path / "scenarios" / "lost_answer.yaml").write_text(story)
    chosen = ("--badgateway-provider", "worldpay", "--badgateway-provider", "braintree")

    assert [one.partition("::")[2] for one in collected(project, *chosen)] == [
        "case1-worldpay",
        "case2-worldpay",
    ]


def test_a_provider_of_a_file_is_asked_for_by_the_file(project):
    shipped = Path(badgateway.__file__).parent / "providers/declared/shipped/checkout.provider.yaml"
    own = shipped.read_text().replace("name: checkout", "name: ours")
    (project.path / "ours.provider.yaml").write_text(own)

    found = collected(project, "--badgateway-provider", "ours.provider.yaml")

    assert [one.partition("::")[2] for one in found] == ["case1-ours", "case2-ours"]


def test_the_items_of_two_providers_are_played_with_them(project):
    with_integration(project, "--defect", "retry-new-key")
    for_providers(project, "stripe", "adyen")

    result = project.runpytest("-q", "scenarios", "-k", "case1")

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*Reproduce: badgateway run * --case 1 --seed 1 --provider stripe"])
    result.stdout.fnmatch_lines(["*Reproduce: badgateway run * --case 1 --seed 1 --provider adyen"])


def test_processes_side_by_side_collect_and_play_the_same_items(project):
    with_integration(project)
    for_providers(project, "stripe", "adyen")

    result = project.runpytest_subprocess("-q", "-n", "2", "scenarios", "-k", "case1")

    result.assert_outcomes(passed=2)
