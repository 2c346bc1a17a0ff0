"""The watch over callbacks that keep the loop to themselves."""

from __future__ import annotations

import asyncio
import logging
import time

import pytest

from badgateway.server.loops import run
from badgateway.server.watch import REPORTS_MAX, Watch


def _busy(for_s: float) -> None:
    until = time.perf_counter() + for_s
    while time.perf_counter() < until:
        pass


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_slow_callback_and_a_slow_task_are_reported_by_name(loop):
    async def slow_step() -> None:
        _busy(0.06)

    async def main() -> list[str]:
        with Watch() as watch:
            asyncio.get_running_loop().call_soon(_busy, 0.06)
            await asyncio.create_task(slow_step())
        return watch.reports

    reports = run(main(), loop=loop)

    assert any("_busy" in report for report in reports)
    assert any("slow_step" in report for report in reports)


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_quick_callbacks_are_not_reported(loop):
    async def main() -> list[str]:
        with Watch(slow_ms=10_000) as watch:
            asyncio.get_running_loop().call_soon(_busy, 0.001)
            await asyncio.sleep(0)
        return watch.reports

    assert run(main(), loop=loop) == []


def test_the_loop_and_its_logger_are_left_as_they_were(caplog):
    async def main() -> bool:
        with Watch():
            logging.getLogger("asyncio").warning("something else")
        return asyncio.get_running_loop().get_debug()

    assert run(main(), loop="asyncio") is False
    assert [record.getMessage() for record in caplog.records] == ["something else"]
    assert logging.getLogger("asyncio").filters == []


def test_reports_are_bounded_but_all_are_told():
    told: list[str] = []

    async def main() -> list[str]:
        with Watch(told.append, slow_ms=0) as watch:
            for _ in range(REPORTS_MAX + 50):
                await asyncio.sleep(0)
        return watch.reports

    assert len(run(main(), loop="asyncio")) == REPORTS_MAX
    assert len(told) > REPORTS_MAX
