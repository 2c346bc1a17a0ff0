"""Sandboxes of our own: simulated providers behind http or TLS, and a recorder before them."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from badgateway.drift.proxy import Tally, record
from badgateway.drift.recording import read_recording
from badgateway.plan.compile import compile_scenario
from badgateway.scenario.load import read_scenario
from badgateway.server.authority import Authority
from badgateway.serving import serve

STORY = "title: A sandbox\nwhy: Words.\nproviders: [stripe]\nsteps: [{pay: {order: o1, amount: 49.99}}]\n"


class Recorder:
    """A recording proxy in front of a sandbox, and the calls that go through it."""

    def __init__(self, folder: Path) -> None:
        self.path, self.tally, self.url = folder / "recording.ndjson", Tally(), ""

    @contextlib.asynccontextmanager
    async def before(self, upstream, provider="stripe"):
        """Record for a while; the file is whole when this ends."""
        ready = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(
            record(upstream, provider, self.path, tally=self.tally, on_ready=ready.set_result)
        )
        await asyncio.wait([task, ready], return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task
        self.url, self.task = ready.result(), task
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.wait([task])

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def recording(self):
        return read_recording(self.path)


@pytest.fixture
def recorder(tmp_path):
    """Give a recorder that writes into the test's folder."""
    return Recorder(tmp_path)


@pytest.fixture(scope="session")
def authority():
    """Make one authority for all tests: keys take their time."""
    return Authority()


@contextlib.asynccontextmanager
async def sandbox(provider="stripe", *, faults="", api_version=None, tls=None):
    """Serve a provider that stands in for its own sandbox; give the settings of its account."""
    plan = None
    if faults:
        (plan,) = compile_scenario(read_scenario(f"{STORY}faults:\n{faults}", "sandbox.yaml"), 1)
    ready = asyncio.get_running_loop().create_future()

    @contextlib.asynccontextmanager
    async def behind_tls(edge):
        server = await asyncio.get_running_loop().create_server(edge.connection, "127.0.0.1", 0, ssl=tls)
        secured.append(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        async with server:
            yield

    secured = []
    task = asyncio.create_task(
        serve(
            plan,
            port=0,
            webhook_url=None,
            provider=None if plan else provider,
            api_version=api_version,
            on_ready=ready.set_result,
            beside=behind_tls if tls else None,
        )
    )
    await asyncio.wait([task, ready], return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        await task
    told = ready.result().items()  # beside the provider's, where its settlement reports lie
    settings = {name.partition(".")[2]: value for name, value in told if name.startswith(f"{provider}.")}
    try:
        yield {**settings, "url": secured[0]} if secured else settings
    finally:
        task.cancel()
        await asyncio.wait([task])


@pytest.fixture
def serving_sandbox():
    """Give what serves a sandbox."""
    return sandbox
