"""Which event loop runs."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from importlib.util import find_spec

import pytest

from badgateway.errors import EnvironmentProblem
from badgateway.server import loops


async def _kind() -> str:
    return type(asyncio.get_running_loop()).__module__.partition(".")[0]


@pytest.mark.parametrize(
    ("asked", "expected"), [("auto", "uvloop"), ("uvloop", "uvloop"), ("asyncio", "asyncio")]
)
def test_the_loop_that_was_asked_for_runs(asked, expected):
    assert find_spec("uvloop") is not None

    assert loops.run(_kind(), loop=asked) == expected


def test_without_uvloop_auto_is_plain_and_asking_for_it_is_a_problem(monkeypatch):
    monkeypatch.setattr(loops, "find_spec", lambda _name: None)

    assert loops.loop_factory("auto") is asyncio.new_event_loop
    with pytest.raises(EnvironmentProblem, match="speed"):
        loops.loop_factory("uvloop")


def test_what_start_up_loaded_is_out_of_the_collectors_sight():
    """In a process of its own: the collector belongs to the whole interpreter."""
    program = (
        "import gc\n"
        "from badgateway.server.loops import spare_the_collector\n"
        "before = gc.get_threshold()[0]\n"
        "spare_the_collector()\n"
        "assert gc.get_freeze_count() > 1000\n"
        "assert gc.get_threshold()[0] > before\n"
        "assert gc.isenabled()\n"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert done.returncode == 0


@pytest.mark.parametrize("asked", ["uvloop", "asyncio"])
def test_sigterm_cancels_what_runs_and_leaves_the_handler_that_was_there(asked):
    """Also while Ctrl-C is ignored, as in the background of a script."""
    ended = []

    async def work() -> None:
        signal.raise_signal(signal.SIGTERM)
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            ended.append(True)

    ignored, before = signal.signal(signal.SIGINT, signal.SIG_IGN), signal.getsignal(signal.SIGTERM)
    try:
        with pytest.raises(KeyboardInterrupt):
            loops.run(work(), loop=asked)
    finally:
        signal.signal(signal.SIGINT, ignored)

    assert ended == [True]
    assert signal.getsignal(signal.SIGTERM) is before
