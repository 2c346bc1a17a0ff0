"""The vendor's unmodified Node SDKs, oldest and newest, against the simulator as users start it."""

from __future__ import annotations

import re

import pytest

BEHAVIOURS_MIN = 70  # of each SDK; fewer means that the suite was not really run
pytestmark = [pytest.mark.conformance, pytest.mark.timeout(600)]  # a registry may take its time


def test_every_behaviour_is_what_the_sdk_expects(node_suite):
    done = node_suite.done

    failed = re.findall(r"^    not ok \d+ - (.+)$", done.stdout, re.MULTILINE)
    passed = re.findall(r"^    ok \d+ - (.+)$", done.stdout, re.MULTILINE)
    assert failed == [], done.stdout
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(passed) >= 2 * BEHAVIOURS_MIN
    assert all(re.search(r"\[\w+\]$", name) for name in passed), "each behaviour names its source"
