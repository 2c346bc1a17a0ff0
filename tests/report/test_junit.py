"""JUnit XML."""

from xml.etree import ElementTree as ET

from badgateway.ground.records import changed
from badgateway.report.junit import render
from badgateway.verdict.model import Replays


def test_one_testcase_a_case_with_seed_and_reproduce_line(held, overcharged):
    root = ET.fromstring(render([held, overcharged]))

    properties = {found.get("name"): found.get("value") for found in root.findall(".//testcase[1]//property")}
    assert len(root.findall(".//testcase")) == 2
    assert properties["seed"] == "7"
    assert properties["reproduce"] == overcharged.verdict.reproduce


def test_broken_is_a_failure_and_unknown_an_error(held, overcharged):
    root = ET.fromstring(render([held, overcharged, held.but(state="unknown", problems=("never quiet",))]))

    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", "1", "1")
    assert root.find(".//failure").get("type") == "no_overcharge"
    assert root.find(".//error").get("message") == "never quiet"


def test_markup_and_control_characters_cannot_break_the_document(overcharged):
    nasty = "<b> & ]]> \x00\x1b[31m \x0b \ud800 é ￿"

    root = ET.fromstring(render([overcharged.but(title=nasty, problems=(nasty,))]).encode())

    assert root.find(".//testcase").get("name").startswith("<b> & ]]> [31m   é  [case 2")


def test_the_failure_text_is_the_readable_verdict(overcharged):
    root = ET.fromstring(render([overcharged]))

    assert "Timeline" in root.find(".//failure").text
    assert "Reproduce: badgateway run" in root.find(".//failure").text


def test_suites_count_their_own_cases(held, overcharged):
    root = ET.fromstring(render([held, held.but(case=2), overcharged]))

    assert [(suite.get("name"), suite.get("tests")) for suite in root.findall("testsuite")] == [
        ("scenarios/happy/pay.yaml", "2"),
        ("scenarios/retries/charge-answer-lost.yaml", "1"),
    ]


def test_how_often_it_was_seen_and_from_which_step_on_are_properties(overcharged):
    steps = {"steps": [{"n": 1, "do": "pay", "order": "o1"}]}
    started = changed(overcharged.entries[0], data={"plan": steps})
    case = overcharged.with_entries((started, *overcharged.entries[1:]))
    told = case.but(no_return=1, replays=Replays(4, 4, 0.5, 1.0, is_racy=False))

    root = ET.fromstring(render([told]))

    properties = {one.get("name"): one.get("value") for one in root.iter("property")}
    assert properties["seen"] == "in 4 of 4 plays, which all went the same way"
    assert properties["no way back"] == "from step 1 on (pay o1), the first one"
