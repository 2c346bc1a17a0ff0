"""The vendor's unmodified Python SDKs of several years against the simulator as users start it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SUITE = Path(__file__).with_name("python") / "behaviours.py"
VERSIONS = ("10", "12", "14", "16")
BEHAVIOURS_MIN = 25  # of each SDK; fewer means that the suite was not really run
pytestmark = [pytest.mark.conformance, pytest.mark.timeout(600)]  # a registry may take its time


@pytest.mark.parametrize("version", VERSIONS)
def test_a_suite_passes_with_the_sdk_of(version, python_suite):
    done = python_suite(version).done

    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.findall(r"(\d+) passed", done.stdout)[0]) >= BEHAVIOURS_MIN


def test_each_behaviour_names_its_source():
    told = re.findall(r'^def test_\w+\(.*\):\n    """(.+)"""$', SUITE.read_text(), re.MULTILINE)

    assert len(told) >= BEHAVIOURS_MIN
    assert all(re.search(r"\[\w+\]\.$", one) for one in told)
