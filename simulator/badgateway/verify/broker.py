"""A Pact broker: where it is, who we are there, and Pact's own command line, which talks to it for us."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from badgateway.errors import EnvironmentProblem, InputError
from badgateway.ground.redact import redact

URL, TOKEN = "PACT_BROKER_BASE_URL", "PACT_BROKER_TOKEN"
USERNAME, PASSWORD = "PACT_BROKER_USERNAME", "PACT_BROKER_PASSWORD"
_RETRIES = "PACT_BROKER_HTTP_RETRIES"
# Both are made of one source: the second has the broker's commands alone, without the word before them.
_PROGRAMS = (("pact", ("broker",)), ("pact-broker-cli", ()))
_TIMEOUT_S = 300.0
_MEND = "install it: pip install pact-python-cli, or npm install @pact-foundation/pact-cli"


@dataclass(frozen=True, slots=True)
class Broker:
    """One broker and our credentials there, which are never shown: a token, or a name and a password."""

    url: str
    token: str | None = field(default=None, repr=False)
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Give what must not come out."""
        return tuple(one for one in (self.token, self.password) if one)

    def environment(self) -> dict[str, str]:
        """Give our environment with this broker in it: what stands on a command line, every user can read."""
        given = {URL: self.url, TOKEN: self.token, USERNAME: self.username, PASSWORD: self.password}
        kept = {name: value for name, value in os.environ.items() if name not in given}
        told = {name: value for name, value in given.items() if value is not None}
        return {_RETRIES: "2", **kept, **told, "PACT_DO_NOT_TRACK": "true"}


@dataclass(frozen=True, slots=True)
class Said:
    """What Pact's command line said, without secrets, and how it ended."""

    exit_code: int
    out: str
    err: str


def broker_from(
    url: str | None,
    token: str | None = None,
    username: str | None = None,
    password: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Broker:
    """Give the broker that options or the environment name; raises InputError where they do not fit."""
    url = url or environment.get(URL)
    if not url:
        raise InputError(f"which broker? give --broker-base-url, or set {URL}")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError("the broker's address is no http or https URL")
    if parts.username is not None or parts.password is not None:
        raise InputError(f"the broker's address holds credentials: give them as {USERNAME} and {PASSWORD}")
    if token is None and username is None and password is None:
        token, username, password = (environment.get(name) or None for name in (TOKEN, USERNAME, PASSWORD))
    if token is not None and (username is not None or password is not None):
        raise InputError("a broker takes a token, or a name and a password, but not both")
    return Broker(url.rstrip("/"), token, username, password)


def find_program() -> tuple[str, ...]:
    """Give the words that begin a broker command; raises EnvironmentProblem where Pact's CLI is missing."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    for name, words in _PROGRAMS:
        found = shutil.which(name, path=path)
        if found is not None:
            return (found, *words)
    raise EnvironmentProblem(f"this needs Pact's command line (pact), which is not there; {_MEND}")


def tell(broker: Broker, words: Sequence[str]) -> Said:
    """Run one broker command of Pact's command line; raises EnvironmentProblem where it does not run."""
    program = find_program()
    try:
        ended = subprocess.run(  # noqa: S603 - the program is Pact's own, the words are checked or the user's
            [*program, *words],
            env=broker.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise EnvironmentProblem(f"Pact's command line was not done within {_TIMEOUT_S:g} s") from None
    except OSError as error:
        raise EnvironmentProblem(f"Pact's command line does not start: {error.strerror}") from error
    out, err = (redact(text, broker.secrets) for text in (ended.stdout, ended.stderr))
    return Said(ended.returncode, out, err)
