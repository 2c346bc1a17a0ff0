"""Which served provider a command means, and asking its server beside the provider's own API."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import click

from badgateway.cli.own_providers import named
from badgateway.errors import EnvironmentProblem, InputError

if TYPE_CHECKING:
    from badgateway.integration.client import Incoming

Command = TypeVar("Command", bound=Callable[..., Any])
DEADLINE_MS = 10_000
FIRST = "stripe"  # whose address has no name in it


@dataclass(frozen=True, slots=True)
class Served:
    """One account of a provider that is served."""

    provider: str
    url: str
    api_key: str

    @property
    def base(self) -> str:
        """Give the address of the server, whatever provider's it is."""
        return "{0.scheme}://{0.netloc}".format(urlsplit(self.url))


def addressed(what: str) -> Callable[[Command], Command]:
    """Add --provider, --url and --api-key; `what` says in the help what is wanted of the provider."""

    def add(command: Command) -> Command:
        for option in (
            click.option("--api-key", metavar="KEY", help="The API key of the account."),
            click.option("--url", metavar="URL", help="Where the provider is served."),
            click.option(
                "--provider",
                metavar="NAME|FILE",
                callback=named,
                help=f"{what} (badgateway list providers), or a file that declares the provider.",
            ),
        ):
            command = option(command)
        return command

    return add


def whose(provider: str | None, url: str | None) -> str:
    """Give the name of the provider that is meant: the one that is named, or the one that is served there.

    Raises InputError where the shell has the addresses of several, UnknownWord where there is no such one.
    """
    from badgateway.providers import DIALECTS

    if provider is not None:
        return DIALECTS[provider].name
    if url:
        there = urlsplit(url).path.strip("/")
        return there if there in DIALECTS else FIRST
    known = [name for name in DIALECTS.names() if os.environ.get(_variable(name, "URL"))]
    if len(known) > 1:
        raise InputError(f"say --provider: the shell has the addresses of {', '.join(known)}")
    return known[0] if known else FIRST


def served(provider: str, url: str | None, api_key: str | None) -> Served:
    """Give address and key, said or as the shell has them; raises InputError."""
    url = url or os.environ.get(_variable(provider, "URL"))
    api_key = api_key or os.environ.get(_variable(provider, "API_KEY"))
    if not url or not api_key:
        raise InputError("say --url and --api-key, as `badgateway serve --print-env` prints them")
    return Served(provider, url.rstrip("/"), api_key)


async def ask(there: Served, method: str, path: str, headers: Mapping[str, str] | None = None) -> Incoming:
    """Ask the server itself with the account's key; raises EnvironmentProblem where nothing comes back."""
    from badgateway.integration.client import Client, Outgoing

    client = Client(DEADLINE_MS)
    known = {"Authorization": f"Bearer {there.api_key}", **(headers or {})}
    try:
        answer = await client.send(Outgoing(method, there.base + path, known))
    finally:
        await client.close()
    if answer.problem is not None:
        raise EnvironmentProblem(f"{there.url}: {answer.problem}")
    return answer


def _variable(provider: str, name: str) -> str:
    from badgateway.integration.attaching import as_variables

    return next(iter(as_variables({f"{provider}.{name.lower()}": ""})))
