"""Which event loop runs: uvloop where it is installed, or the one that was asked for."""

from __future__ import annotations

import asyncio
import gc
import signal
import threading
from collections.abc import Callable, Coroutine
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeVar

from badgateway.errors import EnvironmentProblem

LOOPS = ("auto", "uvloop", "asyncio")
Result = TypeVar("Result")


def loop_factory(name: str = "auto") -> Callable[[], asyncio.AbstractEventLoop]:
    """Give what makes a loop of this name, one of LOOPS; raises EnvironmentProblem without uvloop."""
    assert name in LOOPS, name
    is_installed = find_spec("uvloop") is not None
    if name == "uvloop" and not is_installed:
        raise EnvironmentProblem("uvloop is not installed; pip install 'badgateway[speed]' brings it")
    if name == "asyncio" or not is_installed:
        return asyncio.new_event_loop
    factory: Callable[[], asyncio.AbstractEventLoop] = import_module("uvloop").new_event_loop
    return factory


def spare_the_collector() -> None:
    """Take what start-up has loaded out of the collector's sight, and have it look less often.

    A served provider keeps what it is told, so that each look finds more to go through and little to free.
    """
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def run(main: Coroutine[Any, Any, Result], *, loop: str = "auto") -> Result:
    """Run a coroutine to its end in a new loop of this name; KeyboardInterrupt: SIGTERM ended it."""
    told: list[signal.Signals] = []
    with asyncio.Runner(loop_factory=loop_factory(loop)) as runner:
        try:
            return runner.run(_until_told(main, told))
        except asyncio.CancelledError:
            if told:
                raise KeyboardInterrupt from None
            raise


async def _until_told(main: Coroutine[Any, Any, Result], told: list[signal.Signals]) -> Result:
    """Cancel a coroutine at SIGTERM: what a handler raises, some callback of the loop may swallow."""
    task, before = asyncio.current_task(), signal.getsignal(signal.SIGTERM)
    if task is None or threading.current_thread() is not threading.main_thread():
        return await main

    def end() -> None:
        told.append(signal.SIGTERM)
        task.cancel()

    running = asyncio.get_running_loop()
    running.add_signal_handler(signal.SIGTERM, end)
    try:
        return await main
    finally:
        running.remove_signal_handler(signal.SIGTERM)
        signal.signal(signal.SIGTERM, before)
