"""A contract tool in a process of its own: bounded in time, silent, and never left behind."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from badgateway.errors import EnvironmentProblem

_LAST_MAX = 300


@dataclass(frozen=True, slots=True)
class ToolRun:
    """How a tool ended; `exit_code` None: it was not done in time and was killed."""

    exit_code: int | None
    said: str

    @property
    def last_line(self) -> str:
        """Give the last thing that it said."""
        lines = self.said.strip().splitlines()
        return lines[-1][:_LAST_MAX] if lines else "it said nothing"


async def run_tool(
    arguments: Sequence[str], folder: Path, timeout_s: float, environment: Mapping[str, str] | None = None
) -> ToolRun:
    """Run `python -m ...` in a folder; its two outputs are read as one.

    `environment` takes the place of our own.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *arguments,
        cwd=folder,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), timeout_s)
    except TimeoutError:
        return ToolRun(None, "")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return ToolRun(process.returncode, said.decode(errors="replace"))


def need_contracts(libraries: Sequence[str] = ("pact", "schemathesis")) -> None:
    """Raise EnvironmentProblem where the extra that contract checks need is missing."""
    missing = [name for name in libraries if find_spec(name) is None]
    if missing:
        raise EnvironmentProblem(
            f"contract checks need the extra 'contracts' ({', '.join(missing)} missing): "
            "pip install 'badgateway[contracts]'"
        )
