"""JUnit XML: one test case for each case; broken is a failure, what could not be judged is an error."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree as ET

from badgateway.report.case import Case, case_name
from badgateway.report.clean import printable
from badgateway.report.repeats import no_return, seen
from badgateway.report.text import render_case
from badgateway.verdict.model import BROKEN, HELD, Verdict


def render(cases: Sequence[Case]) -> str:
    """Give the XML document; a suite is a scenario, and times are real seconds."""
    root = ET.Element("testsuites", {"name": "badgateway", **_counts(cases)})
    for scenario, members in groupby(cases, key=lambda case: case.verdict.scenario):
        suite_cases = list(members)
        suite = ET.SubElement(root, "testsuite", {"name": printable(scenario), **_counts(suite_cases)})
        for case in suite_cases:
            _testcase(suite, case)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="utf-8"?>\n', "\n")
    )


def _counts(cases: Sequence[Case]) -> dict[str, str]:
    states = [case.verdict.state for case in cases]
    broken = states.count(BROKEN)
    return {
        "tests": str(len(states)),
        "failures": str(broken),
        "errors": str(len(states) - broken - states.count(HELD)),
        "skipped": "0",
        "time": f"{sum(case.real_ms for case in cases) / 1000:.3f}",
    }


def _testcase(suite: ET.Element, case: Case) -> None:
    verdict = case.verdict
    path = verdict.scenario.removesuffix(".yaml").removesuffix(".yml").strip("/")
    name = printable(f"{verdict.title} [{case_name(verdict)}]")
    attributes = {
        "classname": printable(path.replace("/", ".")),
        "name": name,
        "file": printable(verdict.scenario),
        "time": f"{case.real_ms / 1000:.3f}",
    }
    testcase = ET.SubElement(suite, "testcase", attributes)
    properties = ET.SubElement(testcase, "properties")
    for key, value in _properties(case).items():
        ET.SubElement(properties, "property", {"name": key, "value": printable(value)})
    if verdict.state == HELD:
        return
    tag = "failure" if verdict.state == BROKEN else "error"
    problem = ET.SubElement(testcase, tag, {"type": _type(verdict), "message": printable(_message(verdict))})
    problem.text = printable(render_case(case))


def _type(verdict: Verdict) -> str:
    return verdict.cause.invariant if verdict.state == BROKEN and verdict.cause else verdict.state


def _message(verdict: Verdict) -> str:
    if verdict.state == BROKEN and verdict.cause:
        return verdict.cause.sentence
    return "; ".join(verdict.problems) or f"{verdict.state}: not enough was seen to judge this case"


def _properties(case: Case) -> dict[str, str]:
    verdict = case.verdict
    properties = {
        "seed": str(verdict.seed),
        "case": str(verdict.case),
        "state": verdict.state,
        "faults": f"{verdict.faults_fired} of {verdict.faults_planned} fired",
        "fingerprint": verdict.fingerprint,
        "reproduce": verdict.reproduce,
    }
    if verdict.replays is not None:
        properties["seen"] = seen(verdict.replays)
    if told := no_return(case):
        properties["no way back"] = told
    return properties | ({"journal": case.journal_path.as_posix()} if case.journal_path else {})
