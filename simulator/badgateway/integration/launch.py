"""What a process is started with: a free port, an environment of its own, and a guard that outlives us."""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from badgateway.errors import EnvironmentProblem
from badgateway.ground.chance import digest
from badgateway.integration.attaching import AUTHORITY, HOSTS, variables
from badgateway.integration.model import Start
from badgateway.integration.template import SETTINGS, TemplateError, fill, names

# Below the range from which systems take the ports of outgoing connections, so that a port which is free
# between kill and restart is still free at the restart.
_FIRST_PORT, _PORTS = 20_000, 12_000
_ATTEMPTS_MAX = 200
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "VIRTUAL_ENV", "SYSTEMROOT")
_OPEN_SETTINGS = (".url", ".merchant_account", "provider", HOSTS, AUTHORITY)  # no secrets
_SECRET_WORDS = ("SECRET", "KEY", "TOKEN", "PASSWORD", "PASSWD", "CREDENTIAL")
# Nothing listens on the discard port: a provider that this run does not play refuses the connection.
_NOT_PLAYED = {"url": "http://127.0.0.1:9", "api_key": "not-played", "webhook_secret": "not-played"}

_counter = itertools.count()


async def free_port() -> int:
    """Find a port of 127.0.0.1 that nobody listens on; raises EnvironmentProblem."""
    for _ in range(_ATTEMPTS_MAX):
        port = _FIRST_PORT + digest("port", os.getpid(), next(_counter)) % _PORTS
        try:
            server = await asyncio.start_server(_hang_up, "127.0.0.1", port)
        except OSError:
            continue
        server.close()
        await server.wait_closed()
        return port
    raise EnvironmentProblem(f"no free port found from {_FIRST_PORT} to {_FIRST_PORT + _PORTS - 1}")


def _hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


def start_values(settings: Mapping[str, str], workdir: Path, port: int) -> dict[str, object]:
    """Give the values that start templates may name."""
    own = {"port": port, "workdir": str(workdir.resolve()), "python": sys.executable}
    return {"provider": "", **settings, **own}


def providers_of(start: Start) -> frozenset[str]:
    """Give the providers whose settings the templates of a start name, those of the next version too."""
    texts = [*start.command, *start.env.values()]
    if start.next is not None:
        texts += [*start.next.command, *start.next.env.values()]
    return frozenset(name.partition(".")[0] for text in texts for name in names(text))


def fill_start(text: str, values: Mapping[str, object]) -> str:
    """Fill a start template; a provider that this run does not play gets an address that refuses."""
    absent = {
        name: _NOT_PLAYED[name.rpartition(".")[2]]
        for name in names(text)
        if name not in values and name.rpartition(".")[2] in SETTINGS
    }
    try:
        return fill(text, {**absent, **values})
    except TemplateError as error:
        raise EnvironmentProblem(f"start: {error}") from None


def environment(start: Start, values: Mapping[str, object]) -> dict[str, str]:
    """Give the whole environment of the process; what is not named here is not inherited."""
    kept = {
        name: value for name, value in os.environ.items() if name in _INHERITED or name.startswith("PYTHON")
    }
    own = {name: fill_start(text, values) for name, text in start.env.items()}
    settings = {name: value for name, value in values.items() if isinstance(value, str)}
    attached = variables(start.attach, settings, kept | own)
    # A buffered line would be lost with a killed process.
    return {"PYTHONUNBUFFERED": "1", **kept, "PORT": str(values["port"]), **own, **attached}


def secrets_of(
    settings: Mapping[str, str], start: Start | None, values: Mapping[str, object]
) -> tuple[str, ...]:
    """Give what must never be shown: the provider secrets, and what the environment calls one."""
    given = [value for name, value in settings.items() if not name.endswith(_OPEN_SETTINGS)]
    named = start.env.items() if start is not None else ()
    given += [
        fill_start(text, values)
        for name, text in named
        if any(word in name.upper() for word in _SECRET_WORDS)
    ]
    return tuple(
        sorted({value for value in given if value and not value.startswith(("http://", "https://", "/"))})
    )


def guard(group: int) -> subprocess.Popen[bytes]:
    """Start a shell that kills a process group when we end, however we end: its input closes with us."""
    # Not the loop's: there is no moment in which it lives and nobody holds it, and no loop to outlive.
    return subprocess.Popen(  # noqa: S603 - our own words, and a number
        ["/bin/sh", "-c", 'read -r _; kill -s KILL -- "-$1"', "badgateway-guard", str(group)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={},
        start_new_session=True,
    )


def dismiss(guard_: subprocess.Popen[bytes]) -> None:
    """End a guard whose group is gone; it is a shell that does nothing, so this takes no time."""
    guard_.kill()
    guard_.communicate()
