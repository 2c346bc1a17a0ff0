"""A contract tool is run in a process of its own, and is never left behind."""

import asyncio
import sys

import pytest

from badgateway.errors import EnvironmentProblem
from badgateway.verify.tool import need_contracts, run_tool


def run(folder, *arguments, timeout_s=30.0):
    return asyncio.run(run_tool(arguments, folder, timeout_s))


def test_exit_code_and_last_line_are_told(tmp_path):
    ended = run(tmp_path, "badgateway.no_such_tool")

    assert ended.exit_code == 1
    assert "No module named badgateway.no_such_tool" in ended.last_line


def test_it_runs_in_the_folder_that_is_given(tmp_path):
    (tmp_path / "whereabouts.py").write_text("import os; print(os.getcwd())", encoding="utf-8")

    ended = run(tmp_path, "whereabouts")

    assert (ended.exit_code, ended.last_line) == (0, str(tmp_path))


def test_a_tool_that_takes_too_long_is_killed(tmp_path):
    (tmp_path / "endless.py").write_text("import threading; threading.Event().wait()", encoding="utf-8")

    ended = run(tmp_path, "endless", timeout_s=0.2)

    assert ended.exit_code is None


def test_a_missing_extra_is_one_sentence(monkeypatch):
    # What stands as None in sys.modules counts as not installed (Python reference, section 5.3.1).
    monkeypatch.setitem(sys.modules, "pact", None)

    with pytest.raises(EnvironmentProblem, match=r"need the extra 'contracts' \(pact missing\): pip install"):
        need_contracts()
