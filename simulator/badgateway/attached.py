"""A program run by hand whose calls to the real provider are answered by a simulated one."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from badgateway.errors import EnvironmentProblem, InputError
from badgateway.integration.attaching import HOSTS, PROXY, as_variables, variables
from badgateway.providers import DIALECTS
from badgateway.providers.base import hosts_of
from badgateway.server.edge import Edge
from badgateway.server.tunnel import proxied
from badgateway.serving import serve

STOP_S_MAX = 5.0  # from SIGTERM to SIGKILL


async def attach(
    command: Sequence[str],
    ways: Sequence[str],
    *,
    provider: str,
    webhook_url: str | None,
    folder: Path,
    on_ready: Callable[[Mapping[str, str]], None] = lambda _: None,
) -> tuple[int, Counter[str]]:
    """Serve a provider while a command runs; give its exit code and the hosts that the proxy refused.

    The command gets our environment, and the variables of the ways, of which `on_ready` is told. Raises
    EnvironmentProblem where it cannot be started, InputError where webhooks would leave this machine.
    """
    refused: Counter[str] = Counter()
    proxy: dict[str, str] = {}
    if not (hosts := hosts_of(DIALECTS[provider])):
        raise InputError(f"the real addresses of {provider} are not known: point the program at `serve`")

    @asynccontextmanager
    async def beside(edge: Edge) -> AsyncIterator[None]:
        wanted = hosts if PROXY in ways else ()
        async with proxied(edge, wanted, folder, lambda host: refused.update([host])) as settings:
            proxy.update(settings)
            yield

    ready: asyncio.Future[Mapping[str, str]] = asyncio.get_running_loop().create_future()
    served = asyncio.create_task(
        serve(
            None, port=0, webhook_url=webhook_url, provider=provider, on_ready=ready.set_result, beside=beside
        )
    )
    try:
        waiting: tuple[asyncio.Future[Any], ...] = (served, ready)
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if served.done():
            await served
        told = ready.result()
        settings = {**told, **proxy, f"{provider}{HOSTS}": ",".join(hosts)}
        made = as_variables(told) | variables(ways, settings, os.environ)
        on_ready(made)
        return await _run(command, {**os.environ, **made}), refused
    finally:
        served.cancel()
        await asyncio.wait([served])


async def _run(command: Sequence[str], env: Mapping[str, str]) -> int:
    start = partial(asyncio.create_subprocess_exec, env=env)
    try:
        process = await start(*command)
    except OSError as error:
        raise EnvironmentProblem(f"cannot start {command[0]}: {error.strerror}") from error
    try:
        return await process.wait()
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), STOP_S_MAX)
            except TimeoutError:
                process.kill()
                await process.wait()
