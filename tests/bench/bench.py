"""Measure badgateway beside other stand-ins, in interleaved rounds of one run; read the ratios.

Run by `make bench`, shorter with `make bench QUICK=1`. It installs its peers into .badgateway/bench, names
those that cannot be had, ends only what it started, and prints its tables as Markdown.
"""

from __future__ import annotations

import argparse
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from os import cpu_count, getloadavg
from pathlib import Path

import measures
import processes
import tables
from measures import Load
from peers import INTENTS, PEERS, NotToBeHad, Peer
from processes import Program

HOME = Path(__file__).parents[2] / ".badgateway" / "bench"
PARTS = ("speed", "webhooks", "held", "growth", "pack")
OURS, BARE = "badgateway", "bare server"


@dataclass(slots=True)
class Run:
    """One run of the benchmark: what was asked, and what came out."""

    options: argparse.Namespace
    folder: Path
    absent: dict[str, str] = field(default_factory=dict)  # peer -> why it is not there
    rounds: dict[str, list[dict]] = field(default_factory=dict)
    answer: bytes = b""

    def say(self, text: str) -> None:
        """Tell how far it is; tables are for standard output, talk is for standard error."""
        print(f"[{time.perf_counter() - BEGAN:5.0f} s] {text}", file=sys.stderr, flush=True)

    def note(self, name: str, measure: Callable[[], dict]) -> None:
        """Measure once more, and remember it; what fails is named and does not end the run."""
        try:
            self.rounds.setdefault(name, []).append(measure())
        except (RuntimeError, NotToBeHad, subprocess.SubprocessError, OSError) as error:
            self.absent[name] = str(error)
            self.say(f"{name}: {error}")


BEGAN = time.perf_counter()


@contextmanager
def up(run: Run, peers: list[Peer], callback: str | None) -> Iterator[dict[str, tuple[Peer, Program]]]:
    """Have peers running; one that cannot be had is named with its reason, and the others still run."""
    running: dict[str, tuple[Peer, Program]] = {}
    try:
        for peer in peers:
            try:
                program = peer.start(run.options.home, run.answer, callback)
                running[peer.name] = peer, program
                processes.wait_for(program, "/v1/payment_intents")
                run.say(f"{peer.name} is up, pid {program.process.pid}")
                measures.put(Load(peer.warm_up_s * run.options.scale, 16, 100_000), program, peer.steps)
            except (NotToBeHad, RuntimeError, OSError, subprocess.SubprocessError) as error:
                run.absent[peer.name] = str(error)
                run.say(f"{peer.name} cannot be had: {error}")
                if peer.name in running:
                    running.pop(peer.name)[1].end()
        yield running
    finally:
        for _, program in running.values():
            program.end()


def measure_speed(run: Run) -> str:
    """Measure create, and create with confirm and retrieve, beside the bare server and the peers."""
    load = Load(run.options.seconds, run.options.connections, 30_000)
    sample = run.folder / "answer.json"
    sample.write_bytes(run.answer)
    bare = processes.ours(run.folder, "bare.py", str(sample))
    try:
        with up(run, chosen(run), None) as peers:
            for number in range(run.options.rounds):
                run.say(f"speed, round {number + 1} of {run.options.rounds}")
                run.note(BARE, lambda: measures.speed(load, bare, INTENTS, is_stateful=False))
                run.note(OURS, lambda: measures.our_speed(load, run.folder))
                for name, (peer, program) in peers.items():
                    run.note(
                        name,
                        lambda peer=peer, program=program: measures.speed(
                            load, program, peer.steps, is_stateful=peer.is_stateful
                        ),
                    )
    finally:
        bare.end()
    return tables.speed(run.rounds, OURS, BARE, {peer.name: peer.what for peer in PEERS})


def measure_webhooks(run: Run) -> str:
    """Measure calls that each cause a webhook, beside the callbacks of peers."""
    load = Load(run.options.seconds, run.options.connections, 8_000)
    receiver = processes.ours(run.folder, "receiver.py")
    run.rounds = {}
    try:
        callers = [peer for peer in chosen(run) if peer.has_callbacks]
        with up(run, callers, f"http://127.0.0.1:{receiver.port}/hook") as peers:
            for number in range(run.options.rounds):
                run.say(f"webhooks, round {number + 1} of {run.options.rounds}")
                run.note(OURS, lambda: measures.our_pairs(load, run.folder, receiver))
                for name, (peer, program) in peers.items():
                    run.note(
                        name,
                        lambda peer=peer, program=program: measures.peer_pairs(load, peer, program, receiver),
                    )
    finally:
        receiver.end()
    return tables.pairs(run.rounds, OURS)


def measure_held(run: Run) -> str:
    """Measure thousands of held calls, and how others fare meanwhile."""
    run.rounds = {}
    calls, seconds = run.options.held, run.options.hold_s
    run.say(f"{calls} calls are held for {seconds} s each")
    run.note(OURS, lambda: measures.held(calls, seconds, run.folder))
    if OURS not in run.rounds:
        return f"Held calls were not measured: {run.absent[OURS]}."
    return tables.held(run.rounds[OURS][0], calls, seconds)


def measure_growth(run: Run) -> str:
    """Measure what a long history costs, in the program that knows how."""
    # A million payments take longer than all the rest: tests/bench/growth.py goes on to them by itself.
    few = ["--after", "200", "1000", "--payments", "300"]
    return _of_a_program(run, "growth.py", few if run.options.quick else ["--after", "1000", "100000"])


def measure_pack(run: Run) -> str:
    """Measure the pack against the reference."""
    few = ["--rounds", "1", "--workers", "1", "2", "--worlds", "1", "4"]
    return _of_a_program(run, "pack.py", few)


def _of_a_program(run: Run, file: str, arguments: list[str]) -> str:
    run.say(f"{file} {' '.join(arguments)}")
    command = [sys.executable, str(Path(__file__).with_name(file)), *arguments]
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, text=True, timeout=run.options.part_s_max, check=False
        )
    except subprocess.TimeoutExpired:
        return f"{file} was ended after {run.options.part_s_max} s."
    return done.stdout.strip() if done.returncode == 0 else f"{file} failed with {done.returncode}."


def chosen(run: Run) -> list[Peer]:
    """Give the peers that are asked for."""
    return [peer for peer in PEERS if run.options.peers in ("all", peer.name)]


MEASURES: dict[str, Callable[[Run], str]] = {
    "speed": measure_speed,
    "webhooks": measure_webhooks,
    "held": measure_held,
    "growth": measure_growth,
    "pack": measure_pack,
}


def read(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read what is asked; a quick run has fewer and shorter rounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=None)
    parser.add_argument("--peers", choices=("all", "none", *(peer.name for peer in PEERS)), default="all")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=float, help="of each measurement in a round")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--held", type=int, default=5_000)
    parser.add_argument("--hold-s", type=int, default=10)
    parser.add_argument("--home", type=Path, default=HOME, help="where peers are installed")
    options = parser.parse_args(arguments)
    options.only = options.only or (PARTS[:3] if options.quick else PARTS)
    options.rounds = options.rounds or (2 if options.quick else 5)
    options.seconds = options.seconds or (1.0 if options.quick else 2.0)
    options.scale = 0.5 if options.quick else 1.0
    options.part_s_max = 120 if options.quick else 900
    options.home.mkdir(parents=True, exist_ok=True)
    return options


def main() -> None:
    """Run the parts that are asked for, one after the other."""
    options = read()
    measures.descriptors()
    # Ended from outside, it still ends what it started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory() as name, suppress(KeyboardInterrupt):
        run = Run(options, Path(name))
        run.answer = measures.an_answer(run.folder)
        load = ", ".join(f"{one:.1f}" for one in getloadavg())
        print(
            f"{cpu_count()} cores, {platform.python_implementation()} {platform.python_version()}, "
            f"load {load} before it began; medians of {options.rounds} interleaved rounds of "
            f"{options.seconds:g} s, {options.connections} connections, answers of {len(run.answer):,} bytes"
        )
        for part in options.only:
            print(f"\n{MEASURES[part](run)}", flush=True)
        for absent, why in run.absent.items():
            print(f"\n{absent} is missing: {why}")
        run.say("done")


if __name__ == "__main__":
    main()
