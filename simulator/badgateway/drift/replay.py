"""A recording played again, call after call, against a simulated provider."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from badgateway.drift.difference import Difference, compare, count_values, grouped, operation_of
from badgateway.drift.identifiers import looks_drawn
from badgateway.drift.recording import Answered, Body, Exchange, Recording
from badgateway.drift.standins import StandIns
from badgateway.drift.upstream import Unreachable, Upstream
from badgateway.errors import EnvironmentProblem, InputError
from badgateway.ground.message import Request, find_header
from badgateway.providers import DIALECTS
from badgateway.serving import serve


@dataclass(frozen=True, slots=True)
class Untried:
    """A call of the recording that was not compared, and why."""

    n: int
    operation: str
    why: str


@dataclass(frozen=True, slots=True)
class Drift:
    """What came of a recording played again."""

    provider: str
    upstream: str
    compared: int
    differences: tuple[Difference, ...]
    untried: tuple[Untried, ...]
    values: int  # paths whose values differ: not compared, because they do in life
    versions: tuple[tuple[str, str, str], ...] = ()  # header, and what the two sides say there

    @property
    def is_same(self) -> bool:
        """Say whether every call that could be compared was answered alike."""
        return not self.differences


@asynccontextmanager
async def simulated(provider: str, api_version: str | None = None) -> AsyncIterator[Mapping[str, str]]:
    """Serve a provider on a free port of this machine; give the settings of its account."""
    ready: asyncio.Future[Mapping[str, str]] = asyncio.get_running_loop().create_future()
    served = asyncio.create_task(
        serve(
            None,
            port=0,
            webhook_url=None,
            provider=provider,
            on_ready=ready.set_result,
            api_version=api_version,
        )
    )
    try:
        waiting: tuple[asyncio.Future[Any], ...] = (served, ready)
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if served.done():
            await served
        told = ready.result().items()  # beside the provider's, where its settlement reports lie
        yield {name.partition(".")[2]: value for name, value in told if name.startswith(f"{provider}.")}
    finally:
        served.cancel()
        await asyncio.wait([served])


async def replay(recording: Recording, provider: str, settings: Mapping[str, str]) -> Drift:
    """Play every call again in its order; `settings` has the simulator's url and the account's api_key.

    Raises InputError where nothing in the recording can be compared, EnvironmentProblem where nobody answers.
    """
    stand_ins = StandIns(DIALECTS[provider], settings)
    found: list[Difference] = []
    untried: list[Untried] = []
    versions: dict[tuple[str, str, str], None] = {}
    compared = values = 0
    async with Upstream(settings["url"]) as simulator:
        for exchange in recording.exchanges:
            if why := _obstacle(exchange, stand_ins):
                untried.append(Untried(exchange.n, operation_of(exchange.request), why))
                if exchange.reply is not None:
                    stand_ins.learn(exchange.n, exchange.reply.body.value, None)
                continue
            assert exchange.reply is not None, "a call without an answer is an obstacle"
            note = _note(exchange, stand_ins)
            request = stand_ins.request(exchange.request, is_refused=exchange.reply.status == 401)
            ours = await _ask(simulator, request)
            found += compare(exchange.n, exchange.request, exchange.reply, ours, note)
            versions |= dict.fromkeys(_versions(exchange.reply, ours))
            values += count_values(exchange.reply.body.value, ours.body.value)
            stand_ins.learn(exchange.n, exchange.reply.body.value, ours.body.value)
            compared += 1
    if not compared:
        raise InputError("the recording holds no call that can be compared")
    rest = (grouped(found), tuple(untried), values, tuple(versions))
    return Drift(provider, recording.upstream, compared, *rest)


def _obstacle(exchange: Exchange, stand_ins: StandIns) -> str:
    if exchange.reply is None:
        return f"the sandbox gave no answer: {exchange.problem}"
    if exchange.reply.status == 429 or exchange.reply.status >= 500:
        return f"the sandbox was busy or broken: {exchange.reply.status}"
    if exchange.request.body.kind == "opaque":
        return f"its body was not written down ({exchange.request.body.media or 'no type'})"
    needed = stand_ins.needs(exchange.request)
    return f"it names what call {needed} gave at the sandbox, and not here" if needed is not None else ""


def _versions(sandbox: Answered, simulator: Answered) -> Iterator[tuple[str, str, str]]:
    """Give the headers in which the two sides name another version of the provider's API."""
    for name, theirs in sandbox.headers:
        ours = find_header(simulator.headers, name)
        if name.endswith("-version") and ours not in {None, theirs}:
            yield name, theirs, str(ours)


def _note(exchange: Exchange, stand_ins: StandIns) -> str:
    """Say what may be behind a difference that no simulator can help."""
    parts = [part for part in exchange.request.path.split("/") if looks_drawn(part)]
    unknown = [part for part in parts if part not in stand_ins.ids]
    return f"{unknown[0]} was made before the recording" if unknown else ""


async def _ask(simulator: Upstream, request: Request) -> Answered:
    try:
        async with simulator.asked(request) as arriving:
            content = b"".join([piece async for piece in arriving.pieces])
    except Unreachable as error:
        raise EnvironmentProblem(f"{simulator.url}: {error}") from error
    return Answered(
        arriving.status, arriving.headers, _body(content, find_header(arriving.headers, "content-type"))
    )


def _body(content: bytes, content_type: str | None) -> Body:
    if not content:
        return Body("none")
    media = (content_type or "").partition(";")[0].strip().lower()
    try:
        return Body("json", json.loads(content), media, len(content))
    except (ValueError, RecursionError):
        return Body("opaque", None, media, len(content))
