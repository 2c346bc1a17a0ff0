"""Measured programs: started, asked whether they answer, weighed from outside, and ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from socket import create_server

START_S_MAX = 60.0
END_S_MAX = 10.0
_TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """Give a port that nobody has at this moment; for programs that cannot choose one themselves."""
    with create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@dataclass(slots=True)
class Program:
    """One started program; ending it ends nothing else."""

    process: subprocess.Popen
    log: Path
    port: int = 0
    settings: dict[str, str] = field(default_factory=dict)

    def cpu_s(self) -> float:
        """Give the processor time of all its threads so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory_kb(self) -> int:
        """Give its resident memory."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

    def end(self) -> None:
        """End it, at last by force."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(END_S_MAX)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


def start(
    command: Sequence[str],
    folder: Path,
    name: str,
    environment: Mapping[str, str] | None = None,
    port: int = 0,
) -> Program:
    """Start a program whose words go into a file; those of our own say their port on standard output."""
    log = folder / f"{name}.log"
    with log.open("ab") as words:
        process = subprocess.Popen(
            [*command],
            stdin=subprocess.DEVNULL,
            stdout=words if port else subprocess.PIPE,
            stderr=words,
            env={**os.environ, **(environment or {})},
            cwd=folder,
        )
    return Program(process, log, port)


def ours(folder: Path, file: str, *arguments: str) -> Program:
    """Start a program of this directory that prints its port."""
    command = [sys.executable, str(Path(__file__).with_name(file)), *arguments]
    program = start(command, folder, file.removesuffix(".py"))
    program.port = int(_line(program))
    return program


def simulator(folder: Path, *arguments: str) -> Program:
    """Start `badgateway serve` and wait until it says where it is."""
    command = [sys.executable, "-m", "badgateway", "serve", "--print-env", *arguments]
    program = start(command, folder, "simulator")
    for _ in range(3):
        name, _, value = _line(program).partition("=")
        program.settings[name.removeprefix("STRIPE_").lower()] = value.strip("'")
    program.port = int(program.settings["url"].rpartition(":")[2])
    return program


def wait_for(program: Program, path: str = "/") -> None:
    """Wait until a program answers HTTP; raises RuntimeError with its last words where it does not."""
    until = time.monotonic() + START_S_MAX
    while time.monotonic() < until and program.process.poll() is None:
        connection = HTTPConnection("127.0.0.1", program.port, timeout=2)
        try:
            connection.request("GET", path)
            connection.getresponse().read()
        except (OSError, HTTPException):
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise RuntimeError(f"it did not start: {_last_words(program)}")


def _line(program: Program) -> str:
    assert program.process.stdout is not None, "a program with a port of its own says it"
    line = program.process.stdout.readline().decode().strip()
    if not line:
        program.end()
        raise RuntimeError(f"it did not start: {_last_words(program)}")
    return line


def _last_words(program: Program) -> str:
    return program.log.read_text(errors="replace").strip()[-300:] or "it said nothing"
