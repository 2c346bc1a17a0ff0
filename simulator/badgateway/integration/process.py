"""One running copy of the integration: started, watched, killed, restarted, and never left behind."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

from badgateway.errors import EnvironmentProblem, IntegrationDown
from badgateway.ground.barrier import Barrier
from badgateway.ground.redact import redact
from badgateway.integration import launch
from badgateway.integration.client import Client, Incoming, Outgoing, first_answer
from badgateway.integration.logs import LogTail
from badgateway.integration.model import (
    Description,
    OperationResult,
    Ready,
    ReconciliationRead,
    SettlementRead,
    Start,
    ViewRead,
)
from badgateway.integration.operations import fill_request, not_sent, read_outcome
from badgateway.integration.reconciliation import read_exceptions
from badgateway.integration.settlement import read_report
from badgateway.integration.template import TemplateError, fill_url
from badgateway.integration.view import read_answer, unreadable
from badgateway.integration.watch import Watch

_STOP_S_MAX = 2.0  # from SIGTERM to SIGKILL
_DRAIN_S_MAX = 0.5  # for the last lines of a process that ended
_ALREADY_RUNNING_S_MAX = 2.0
_PORT_ATTEMPTS_MAX = 3
_TAKEN = ("address already in use", "eaddrinuse", "address in use")


class RunningIntegration:
    """A handle (`handle.py`) on one copy; `settings` are the providers' url, api_key and webhook_secret."""

    def __init__(
        self,
        description: Description,
        settings: Mapping[str, str],
        workdir: Path,
        extra_arguments: tuple[str, ...] = (),
        log: str = "integration.log",
    ) -> None:
        self.description = description
        self.workdir = workdir
        self._settings, self._extra_arguments = dict(settings), extra_arguments
        self._client = Client(description.declares.deadline_ms)
        self._process: asyncio.subprocess.Process | None = None
        self._guard: subprocess.Popen[bytes] | None = None
        self._drain: asyncio.Task[None] | None = None
        self._port: int | None = None
        self._secrets = launch.secrets_of(self._settings, description.start, self._values(0))
        self.watch, self._log_name = Watch(), log
        self._log = LogTail(self.log_path, self._secrets, lambda line: self.watch.look("log", line))
        self.revision = _digest(description, extra_arguments)

    @property
    def pid(self) -> int | None:
        """Give the process id, or None where it was not started by us."""
        return self._process.pid if self._process is not None else None

    @property
    def base_url(self) -> str:
        """Give where it listens."""
        return fill_url(self.description.base_url, {"port": self._port or 0})

    @property
    def log_path(self) -> Path:
        """Give the file that holds all it wrote, redacted."""
        return self.workdir / self._log_name

    async def start(self) -> None:
        """Start it, or start it again on its port and in its folder, and wait until it is ready.

        Raises IntegrationDown with its last lines where it ends or is not ready in time.
        """
        start = self.description.start
        if start is None:
            await self._find_running()
            return
        await self._end(politely=True)
        is_first = self._port is None
        for attempt in range(1, _PORT_ATTEMPTS_MAX + 1):
            if is_first:
                self._port = await launch.free_port()
            try:
                await self._start_once(start)
            except IntegrationDown as error:
                # Somebody else may have taken the port after we found it free.
                is_taken = any(word in str(error).lower() for word in _TAKEN)
                if not is_first or not is_taken or attempt == _PORT_ATTEMPTS_MAX:
                    raise
            else:
                return

    async def stop(self) -> None:
        """End it politely, then by force; never raises."""
        await self._end(politely=True)
        await self._client.close()

    async def kill(self) -> None:
        """SIGKILL its process group, as a crash would; raises EnvironmentProblem where it is not ours."""
        if self.description.start is None:
            raise EnvironmentProblem(
                "badgateway.yaml does not say how to start the integration, so it is not killed"
            )
        await self._end(politely=False)

    def following(self) -> RunningIntegration | None:
        """Give the next version, not started yet: same settings and folder, own port; None: not described."""
        start = self.description.start
        if start is None or start.next is None:
            return None
        command, env = start.next.command or start.command, {**start.env, **start.next.env}
        described = replace(self.description, start=replace(start, command=command, env=env, next=None))
        arguments = self._extra_arguments
        return RunningIntegration(described, self._settings, self.workdir, arguments, "integration-next.log")

    def exit_code(self) -> int | None:
        """Give its exit code where it died (negative: the signal), else None."""
        return self._process.returncode if self._process is not None else None

    def offers(self, operation: str) -> bool:
        """Say whether badgateway.yaml describes this operation; kill and restart need `start`."""
        if operation in ("kill", "restart"):
            return self.description.start is not None
        return operation in self.description.operations

    async def operate(
        self, operation: str, values: Mapping[str, object], barrier: Barrier | None = None
    ) -> OperationResult:
        """Send one operation and read its outcome; never raises for what the integration does."""
        request = self.description.operations.get(operation)
        if request is None:
            return not_sent(f"badgateway.yaml describes no operation {operation!r}")
        try:
            outgoing = fill_request(request, self.base_url, {**values, "port": self._port or 0})
        except TemplateError as error:
            return not_sent(str(error))
        answer = await self._client.send(outgoing, barrier)
        self._look("answer", answer)
        result = read_outcome(self.description, operation, answer)
        return replace(result, problem=self._redacted(result.problem))

    async def view(self, values: Mapping[str, object]) -> ViewRead:
        """Read what it says about an order; never raises for what the integration does."""
        try:
            request = self.description.operations["view"]
            outgoing = fill_request(request, self.base_url, {**values, "port": self._port or 0})
        except TemplateError as error:
            return unreadable(str(error))
        currency = values.get("order.currency")
        answer = await self._client.send(outgoing)
        self._look("view", answer)
        view = read_answer(self.description, answer, str(currency) if currency is not None else None)
        return replace(view, raw=self._redacted(view.raw), problem=self._redacted(view.problem))

    async def settlement(self) -> SettlementRead:
        """Ask for its settlement report; never raises for what the integration does."""
        paths = self.description.settlement
        if paths is None or "settlement" not in self.description.operations:
            return SettlementRead(is_readable=False, problem="badgateway.yaml describes no settlement report")
        outgoing = fill_request(
            self.description.operations["settlement"], self.base_url, {"port": self._port or 0}
        )
        read = read_report(paths, await self._client.send(outgoing))
        return replace(read, problem=self._redacted(read.problem))

    async def reconciliation(self, values: Mapping[str, object]) -> ReconciliationRead:
        """Ask for the exceptions of its reconciliation; never raises for what the integration does."""
        paths, asked = self.description.reconciliation, self.description.operations.get("reconciliation")
        if paths is None or asked is None:
            return ReconciliationRead(
                is_readable=False, problem="badgateway.yaml describes no reconciliation"
            )
        outgoing = fill_request(asked, self.base_url, {**values, "port": self._port or 0})
        read = read_exceptions(paths, await self._client.send(outgoing))
        return replace(read, problem=self._redacted(read.problem))

    def webhook_url(self, provider: str, merchant: str = "") -> str | None:
        """Give where a provider's webhooks for a merchant go, or None where it takes none."""
        target = next((one for one in self.description.webhooks if one.provider == provider), None)
        if target is None:
            return None
        return self._url(target.path, merchant)

    def tail(self) -> str:
        """Give the last lines that the process wrote, redacted."""
        return self._log.text()

    def log_files(self) -> tuple[Path, ...]:
        """Give the log files to look into: what it wrote to us, and those that badgateway.yaml names."""
        values = self._values(self._port or 0)
        named = (Path(launch.fill_start(text, values)) for text in self.description.logs)
        return (self.log_path, *(Path(self.description.folder, path) for path in named))

    async def look_around(self) -> str | None:
        """Look for canaries in its log files and metrics; gives the text of the metrics, where it has any."""
        self.watch.look_into(self.log_files()[1:])
        if self.description.metrics is None:
            return None
        answer = await self._client.send(Outgoing("GET", self._url(self.description.metrics), {}))
        self._look("metrics", answer)
        return answer.body.decode("utf-8", "replace") if answer.status == HTTPStatus.OK else None

    def _look(self, place: str, answer: Incoming) -> None:
        self.watch.look(place, answer.body)
        self.watch.look(place, answer.location)

    async def _start_once(self, start: Start) -> None:
        values = self._values(self._port or 0)
        command = [launch.fill_start(word, values) for word in start.command] + list(self._extra_arguments)
        self.workdir.mkdir(parents=True, exist_ok=True)
        try:
            await self._spawn(command, start, values)
            await self._await_ready(start.ready)
        except BaseException:  # cancelled or not: what did not become ready is not left behind
            await self._end(politely=False)
            raise

    async def _spawn(self, command: list[str], start: Start, values: Mapping[str, object]) -> None:
        folder = Path(self.description.folder, launch.fill_start(start.cwd, values))
        try:
            self._process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                cwd=folder,
                env=launch.environment(start, values),
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise IntegrationDown(
                f"{self.description.name}: {command[0]!r} cannot be started in {folder}: {reason}"
            ) from None
        assert self._process.stdout is not None
        self._drain = asyncio.create_task(self._log.drain(self._process.stdout))
        self._guard = launch.guard(self._process.pid)

    async def _await_ready(self, ready: Ready) -> None:
        assert self._process is not None
        url = self._url(ready.path)
        asking = asyncio.create_task(first_answer(url, ready.status))
        ending = asyncio.create_task(self._process.wait())
        try:
            await asyncio.wait(
                (asking, ending), timeout=ready.within_ms / 1000, return_when=asyncio.FIRST_COMPLETED
            )
            if asking.done():
                self._note_version(asking.result())
                return
            if ending.done():
                await self._finish_drain()
                raise self._down(f"ended with exit code {ending.result()} before it was ready")
            raise self._down(f"did not answer {ready.status} at {url} within {ready.within_ms / 1000:g} s")
        finally:
            for task in (asking, ending):
                task.cancel()
            await asyncio.gather(asking, ending, return_exceptions=True)

    async def _find_running(self) -> None:
        try:
            async with asyncio.timeout(_ALREADY_RUNNING_S_MAX):
                await first_answer(self.base_url, None)
        except TimeoutError:
            raise IntegrationDown(
                f"{self.description.name}: nothing answers at {self.base_url}; "
                "start it, or describe `start` in badgateway.yaml"
            ) from None

    async def _end(self, *, politely: bool) -> None:
        """End the whole process group; what is left of it when we are cancelled is killed on the spot."""
        process = self._process
        try:
            if politely:
                await self._client.close()
            if process is not None and process.returncode is None:
                if politely:
                    _signal_group(process.pid, signal.SIGTERM)
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(process.wait(), _STOP_S_MAX)
                _signal_group(process.pid, signal.SIGKILL)
                await process.wait()
            # A crash comes first: what is under way ends because nobody answers, not because we hang up.
            await self._client.close()
        finally:
            guard, self._guard = self._guard, None
            if process is not None and (guard is not None or process.returncode is None):
                _signal_group(process.pid, signal.SIGKILL)
            if guard is not None:
                launch.dismiss(guard)
            # Also when we are cancelled: who is not waited for would outlive the loop that watches it.
            if process is not None:
                await process.wait()
        await self._finish_drain()

    async def _finish_drain(self) -> None:
        drain, self._drain = self._drain, None
        if drain is None:
            return
        # A grandchild that left the process group may hold the pipe open.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(drain, _DRAIN_S_MAX)

    def _down(self, what: str) -> IntegrationDown:
        tail = self.tail()
        said = f"its last lines:\n{tail}" if tail else "it wrote nothing"
        return IntegrationDown(f"{self.description.name}: the integration {what}; {said}")

    def _note_version(self, body: bytes) -> None:
        try:
            said = json.loads(body)
        except ValueError:
            return
        if isinstance(said, dict):
            versions = [f"{key}={said[key]}" for key in ("version", "revision", "commit") if key in said]
            self.revision = _digest(self.description, self._extra_arguments, versions)

    def _redacted(self, text: str | None) -> str | None:
        return redact(text, self._secrets) if text is not None else None

    def _url(self, place: str, merchant: str = "") -> str:
        filled = fill_url(place, {"port": self._port or 0, "merchant": merchant})
        return filled if "://" in filled else self.base_url + filled

    def _values(self, port: int) -> dict[str, object]:
        return launch.start_values(self._settings, self.workdir, port)


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _digest(
    description: Description, extra_arguments: tuple[str, ...], versions: list[str] | None = None
) -> str:
    """Digest what makes two copies the same: description, arguments, version, files the command names."""
    parts = [repr(description), repr(extra_arguments), *(versions or ())]
    words = description.start.command if description.start is not None else ()
    for word in words:
        path = Path(description.folder, word)
        if "{" not in word and path.is_file():
            parts.append(hashlib.sha256(path.read_bytes()).hexdigest())
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
