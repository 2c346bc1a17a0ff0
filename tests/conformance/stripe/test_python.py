"""The vendor's unmodified Python SDKs of four years against the simulator as users start it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SUITE = Path(__file__).with_name("python") / "behaviours.py"
VERSIONS = ("7", "12", "14", "16")
NODE = Path(__file__).with_name("node") / "behaviours.test.mjs"
BEHAVIOURS_MIN = 20  # of each SDK; fewer means that the suite was not really run
ALL_BEHAVIOURS_MIN = 120  # of both languages
pytestmark = [pytest.mark.conformance, pytest.mark.timeout(600)]  # a registry may take its time


@pytest.mark.parametrize("version", VERSIONS)
def test_a_short_suite_passes_with_the_sdk_of(version, python_suite):
    done = python_suite(version).done

    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.findall(r"(\d+) passed", done.stdout)[0]) >= BEHAVIOURS_MIN


def test_each_behaviour_names_its_source():
    told = re.findall(r'^def test_\w+\(.*\):\n    """(.+)"""$', SUITE.read_text(), re.MULTILINE)

    assert len(told) >= BEHAVIOURS_MIN
    assert all(re.search(r"\[\w+\]\.$", one) for one in told)


def test_both_suites_together_are_as_wide_as_is_promised():
    of_python = re.findall(r"^def (test_\w+)\(", SUITE.read_text(), re.MULTILINE)
    of_node = re.findall(r"^ +test\(", NODE.read_text(), re.MULTILINE)

    assert len(of_python) + len(of_node) >= ALL_BEHAVIOURS_MIN
