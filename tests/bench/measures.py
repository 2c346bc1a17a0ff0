"""What is measured, one round at a time: speed, pairs of call and webhook, held calls."""

from __future__ import annotations

import itertools
import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import processes
from peers import AUTH, INTENTS, KEYED, Peer
from processes import Program

HERE = Path(__file__).parent
SETTLED_S = 0.25  # without another webhook: no more are to come
SETTLE_S_MAX = 30.0
STALLED_S_MAX = 6.0  # without a webhook, while some are still to come
SPARE_DESCRIPTORS = 300
_LOADS = itertools.count(1)
HOLDING = """\
title: Every look at a payment takes long
why: So many calls wait that others would starve, if waiting cost anything.
tags: [bench]
providers: [stripe]
steps:
  - pay: o1
faults:
  - {{at: "fetch[*]", phase: after_commit, do: hold, for: {seconds}s}}
"""


@dataclass(frozen=True, slots=True)
class Load:
    """How much is asked in one round."""

    seconds: float
    connections: int
    requests_max: int


def put(load: Load, program: Program, steps: list[dict]) -> dict[str, float]:
    """Put a load on a program; give its rate, its processor time a request, and the time of answers.

    Each load has idempotency keys of its own: a key that an earlier one used is answered with the old answer,
    which costs less and causes no webhook.
    """
    asked = {
        "name": f"load{next(_LOADS)}",
        "port": program.port,
        "connections": load.connections,
        "seconds": load.seconds,
        "requests_max": load.requests_max,
        "steps": steps,
    }
    before = program.cpu_s()
    seen = json.loads(_asked("load.py", json.dumps(asked), load.seconds + 60))
    if seen["failures"]:
        raise RuntimeError(f"{seen['failures']} of {seen['requests']} requests failed: {seen['example']}")
    return {
        "per_s": seen["requests"] / seen["wall_s"],
        "cpu_us": 1e6 * (program.cpu_s() - before) / seen["requests"],
        "p50_ms": max(seen["p50_ms"]),
        "p99_ms": max(seen["p99_ms"]),
        "requests": seen["requests"],
    }


def with_key(steps: list[dict], key: str) -> list[dict]:
    """Give the steps with an API key of their own."""
    own = {"Authorization": f"Bearer {key}"}
    return [{**step, "headers": {**step["headers"], **own}} for step in steps]


def our_speed(load: Load, folder: Path) -> dict[str, dict[str, float]]:
    """Measure the simulator; a new process each time, because its journal is bounded."""
    program = processes.simulator(folder)
    try:
        steps = with_key(INTENTS, program.settings["api_key"])
        put(Load(load.seconds / 4, load.connections, 500), program, steps)
        return {"cycle": put(load, program, steps), "create": put(load, program, steps[:1])}
    finally:
        program.end()


def an_answer(folder: Path) -> bytes:
    """Give the bytes with which the simulator answers a create: what stubs and the bare server send."""
    program = processes.simulator(folder)
    try:
        return _created(program)
    finally:
        program.end()


def speed(load: Load, program: Program, steps: list[dict], *, is_stateful: bool) -> dict:
    """Measure a program that is up already; a stub needs no second kind of request."""
    cycle = put(load, program, steps)
    return {"cycle": cycle, "create": put(load, program, steps[:1])} if is_stateful else {"create": cycle}


def pairs(load: Load, program: Program, receiver: Program, steps: list[dict]) -> dict[str, float]:
    """Measure calls that each cause a webhook, until the last of them has come."""
    before, cpu = _taken(receiver), program.cpu_s()
    began = time.perf_counter()
    called = put(load, program, steps)
    last, count = time.perf_counter(), _taken(receiver)
    until = last + SETTLE_S_MAX
    while count["taken"] - before["taken"] < called["requests"] and time.perf_counter() < until:
        time.sleep(0.02)
        now = _taken(receiver)
        if now["taken"] != count["taken"]:
            last, count = time.perf_counter(), now
        elif time.perf_counter() - last > STALLED_S_MAX:
            break
    came = count["taken"] - before["taken"]
    return {
        "per_s": came / (last - began),
        "cpu_us": 1e6 * (program.cpu_s() - cpu) / max(1, came),
        "calls_per_s": called["per_s"],
        "missing": called["requests"] - came,
        "signed": count["signed"] - before["signed"],
    }


def our_pairs(load: Load, folder: Path, receiver: Program) -> dict[str, float]:
    """Measure the simulator with its signed webhooks."""
    program = processes.simulator(folder, "--webhook", f"http://127.0.0.1:{receiver.port}/hook")
    try:
        steps = with_key(INTENTS[:1], program.settings["api_key"])
        put(Load(load.seconds / 4, load.connections, 200), program, steps)
        while _settling(receiver):
            pass
        return pairs(load, program, receiver, steps)
    finally:
        program.end()


def peer_pairs(load: Load, peer: Peer, program: Program, receiver: Program) -> dict[str, float]:
    """Measure a peer whose callbacks go to the receiver."""
    return pairs(load, program, receiver, peer.steps[:1])


def held(calls: int, seconds: int, folder: Path) -> dict[str, float]:
    """Let calls wait at a fault while others are answered; raises RuntimeError without descriptors."""
    room = descriptors()
    if room < calls + SPARE_DESCRIPTORS:
        raise RuntimeError(f"ulimit -n allows {room} open files, {calls + SPARE_DESCRIPTORS} are needed")
    story = folder / "holding.yaml"
    story.write_text(HOLDING.format(seconds=seconds))
    program = processes.simulator(folder, str(story))
    try:
        own = {"Authorization": f"Bearer {program.settings['api_key']}"}
        put(Load(0.3, 4, 100), program, with_key(INTENTS[:1], program.settings["api_key"]))
        looked_at = json.loads(_created(program))["id"]
        before = program.memory_kb()
        asked = {
            "port": program.port,
            "path": f"/v1/payment_intents/{looked_at}",
            "headers": {**AUTH, **own},
            "calls": calls,
            "hold_s": seconds,
            "others": 8,
            "other": {**INTENTS[0], "headers": {**KEYED, **own}},
        }
        seen, peak = _watched(program, asked)
        return {**seen, "kb_each": (peak - before) / calls, "memory_kb": peak}
    finally:
        program.end()


def descriptors() -> int:
    """Raise the number of files that we and our children may open as far as it goes, and give it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


def _watched(program: Program, asked: dict) -> tuple[dict, int]:
    command = [sys.executable, str(HERE / "hold.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None, "it was piped"
        assert child.stdout is not None, "it was piped"
        child.stdin.write(json.dumps(asked) + "\n")
        child.stdin.flush()
        child.stdout.readline()
        time.sleep(0.5)  # What was sent last is on its way; the others begin when this was weighed.
        peak = program.memory_kb()
        child.stdin.write("go\n")
        child.stdin.close()
        return json.loads(child.stdout.read()), peak


def _created(program: Program) -> bytes:
    step = with_key(INTENTS, program.settings["api_key"])[0]
    url = f"http://127.0.0.1:{program.port}{step['path']}"
    with urlopen(Request(url, step["body"].encode(), step["headers"]), timeout=20) as answer:
        return answer.read()


def _asked(file: str, words: str, timeout_s: float) -> str:
    command = [sys.executable, str(HERE / file)]
    done = subprocess.run(
        command, input=words, capture_output=True, text=True, timeout=timeout_s, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{file} failed: {done.stderr.strip()[-300:]}")
    return done.stdout


def _taken(receiver: Program) -> dict[str, int]:
    with urlopen(f"http://127.0.0.1:{receiver.port}/", timeout=10) as answer:
        return json.loads(answer.read())


def _settling(receiver: Program) -> bool:
    before = _taken(receiver)
    time.sleep(SETTLED_S)
    return _taken(receiver) != before
