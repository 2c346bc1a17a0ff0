"""Everything that `badgateway verify` was asked for, done two at a time, and told as rows in one order."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from badgateway.ground.clock import monotonic_ms
from badgateway.integration.model import Description
from badgateway.verify.boundaries import pacts_at, verify_merchant
from badgateway.verify.dialects import internal_document, provider_documents, verify_dialect
from badgateway.verify.fuzz import Effort
from badgateway.verify.merchant_pacts import verify_merchant_pacts
from badgateway.verify.provider_pacts import verify_pact
from badgateway.verify.tried import PACT, SCHEMATHESIS, TOOLS, Tried, of_fuzzing, of_pact

AT_ONCE_MAX = 2  # of the tools' processes: each has a core to itself, and what they try runs beside them
_MERCHANT, _INTERNAL = "merchant", "internal"


@dataclass(frozen=True, slots=True)
class Held:
    """An integration and its promises to its merchants; `words` name it on a command line."""

    description: Description
    document: Path | None
    pacts: tuple[Path, ...]
    extra_arguments: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for."""

    boundaries: tuple[str, ...]
    efforts: tuple[Effort, ...]  # one for each seed
    tools: tuple[str, ...] = TOOLS
    merchant: Held | None = None  # who is held at the merchant boundary
    pacts: tuple[Path, ...] = ()  # that simulated providers are held to; none: the bundled ones
    is_under_faults: bool = False  # the merchant boundary, and with generated requests alone


_Job = Callable[[], Awaitable[Tried]]


async def verify(wanted: Wanted, on_row: Callable[[Tried], None] = lambda _: None) -> tuple[Tried, ...]:
    """Verify all of it; `on_row` is told of each row as it is done.

    Raises InputError for what cannot be read, EnvironmentProblem where a tool or an integration does not run.
    """
    turn = asyncio.Semaphore(AT_ONCE_MAX)

    async def take(job: _Job) -> Tried:
        async with turn:
            row = await job()
        on_row(row)
        return row

    tasks = [asyncio.create_task(take(job)) for job in _jobs(wanted)]
    try:
        rows = await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return tuple(rows)


def _jobs(wanted: Wanted) -> Iterator[_Job]:
    for boundary in wanted.boundaries:
        if boundary != _MERCHANT:
            yield from _at_simulators(wanted, boundary)
        elif wanted.merchant is not None:
            yield from _at_merchant(wanted, wanted.merchant)


def _at_merchant(wanted: Wanted, held: Held) -> Iterator[_Job]:
    again = f"badgateway verify merchant{' --under-faults' if wanted.is_under_faults else ''}{held.words}"

    def of(path: Path) -> _Job:
        async def run() -> Tried:
            since = monotonic_ms()
            rows = await verify_merchant_pacts(held.description, [path], held.document, held.extra_arguments)
            return of_pact("merchant", path.name, rows, f"{again} --tool {PACT}", monotonic_ms() - since)

        return run

    def fuzzed(document: Path, effort: Effort) -> _Job:
        async def run() -> Tried:
            since = monotonic_ms()
            found = await verify_merchant(
                held.description,
                document,
                effort,
                held.extra_arguments,
                is_under_faults=wanted.is_under_faults,
            )
            return of_fuzzing("merchant", found, _again(again, effort), monotonic_ms() - since)

        return run

    if PACT in wanted.tools:
        yield from (of(path) for path in held.pacts)
    if SCHEMATHESIS in wanted.tools and held.document is not None:
        yield from (fuzzed(held.document, effort) for effort in wanted.efforts)


def _at_simulators(wanted: Wanted, boundary: str) -> Iterator[_Job]:
    """Give what is done where it is we who play the other side: the orchestrator, and providers."""
    again = f"badgateway verify {boundary}"

    def of(path: Path) -> _Job:
        async def run() -> Tried:
            since = monotonic_ms()
            rows = await verify_pact(path)
            words = f"--pact {shlex.quote(str(path))}" if wanted.pacts else f"--tool {PACT}"
            return of_pact(boundary, path.name, rows, f"{again} {words}", monotonic_ms() - since)

        return run

    def fuzzed(document: Path, effort: Effort) -> _Job:
        async def run() -> Tried:
            since = monotonic_ms()
            found = await verify_dialect(document, effort)
            return of_fuzzing(boundary, found, _again(again, effort), monotonic_ms() - since)

        return run

    if PACT in wanted.tools:
        yield from (of(path) for path in wanted.pacts or pacts_at(boundary))
    if SCHEMATHESIS in wanted.tools:
        is_internal = boundary == _INTERNAL
        documents: Sequence[Path] = (internal_document(),) if is_internal else provider_documents()
        yield from (fuzzed(document, effort) for document in documents for effort in wanted.efforts)


def _again(command: str, effort: Effort) -> str:
    return f"{command} --tool {SCHEMATHESIS} --seed {effort.seed}"
