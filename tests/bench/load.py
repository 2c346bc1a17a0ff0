"""A bounded load from one process: connections that repeat a few requests, one after the other.

Run as a program of its own, so that it and the measured server never share an interpreter. What it sends is
said in JSON on standard input, what it measured is JSON on standard output.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from dataclasses import dataclass, field

from badgateway.server.loops import run

ID = re.compile(rb'"id":\s*"([^"]+)"')
LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
PATIENCE_S = 20.0  # after the time is over, for answers that are still to come


@dataclass(slots=True)
class Tally:
    """What all connections saw together."""

    until: float
    requests_max: int
    name: str = ""  # apart from all other loads, as are the keys of its requests
    sent: int = 0
    rounds: int = 0
    failures: int = 0
    example: str = ""
    seconds: list[list[float]] = field(default_factory=list)  # of each step

    def may_go_on(self) -> bool:
        """Say whether one more round may begin."""
        return self.sent < self.requests_max and time.perf_counter() < self.until


class Connection(asyncio.Protocol):
    """One kept-alive connection that goes through the steps until the time is over."""

    def __init__(self, steps: list[dict[str, str]], number: int, tally: Tally, over: asyncio.Future) -> None:
        self.steps = [_compiled(step) for step in steps]
        self.prefix, self.tally, self.over = f"{tally.name}-{number}-", tally, over
        self.round, self.place, self.began, self.known = 0, 0, 0.0, b""
        self.buffer = b""

    def connection_made(self, transport) -> None:
        """Begin."""
        self.transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        """Collect one answer, and go on when it is whole."""
        self.buffer = self.buffer + data if self.buffer else data
        head = self.buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        length = LENGTH.search(self.buffer, 0, head)
        if length is not None:
            if len(self.buffer) < head + 4 + int(length.group(1)):
                return
        elif not self.buffer.endswith(b"0\r\n\r\n"):
            return
        answer, self.buffer = self.buffer, b""
        self._answered(answer)

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """End; a connection that the server drops is a failure."""
        if not self.over.done():
            self.tally.failures += 1
            self.tally.example = self.tally.example or "the server closed the connection"
            self.over.set_result(None)

    def _answered(self, answer: bytes) -> None:
        tally = self.tally
        tally.seconds[self.place].append(time.perf_counter() - self.began)
        if not answer.startswith(b"HTTP/1.1 2"):
            tally.failures += 1
            tally.example = tally.example or answer[:300].decode("latin-1")
        if self.place == 0 and len(self.steps) > 1:
            found = ID.search(answer)
            self.known = found.group(1) if found else b"none"
        self.place = (self.place + 1) % len(self.steps)
        if self.place == 0:
            tally.rounds += 1
            if not tally.may_go_on():
                self.over.set_result(None)
                self.transport.close()
                return
        self._next()

    def _next(self) -> None:
        if self.place == 0:
            self.round += 1
        number = f"{self.prefix}{self.round}.{self.place}".encode()
        self.tally.sent += 1
        self.began = time.perf_counter()
        self.transport.write(self.steps[self.place](number, self.known))


def _compiled(step: dict[str, str]):
    """Give what makes the bytes of one request; {n} is a number of its own, {id} what the first step made."""
    body = step.get("body", "")
    lines = [f"{step['method']} {step['path']} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in step.get("headers", {}).items()]
    head = "\r\n".join(lines).encode()
    plain = body.encode()

    def make(number: bytes, known: bytes) -> bytes:
        filled = plain.replace(b"{n}", number)
        top = head.replace(b"{n}", number).replace(b"{id}", known)
        if step["method"] != "POST":
            return top + b"\r\n\r\n"
        return top + b"\r\nContent-Length: %d\r\n\r\n" % len(filled) + filled

    return make


async def load(asked: dict) -> dict:
    """Put the load on and give rates and times."""
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    tally = Tally(began + asked["seconds"], asked["requests_max"], asked["name"])
    tally.seconds = [[] for _ in asked["steps"]]
    overs = []
    for number in range(asked["connections"]):
        over = loop.create_future()
        overs.append(over)
        await loop.create_connection(
            lambda number=number, over=over: Connection(asked["steps"], number, tally, over),
            "127.0.0.1",
            asked["port"],
        )
    _, late = await asyncio.wait(overs, timeout=asked["seconds"] + PATIENCE_S)
    tally.failures += len(late)
    for over in late:
        over.cancel()
    return {
        "wall_s": time.perf_counter() - began,
        "requests": sum(map(len, tally.seconds)),
        "rounds": tally.rounds,
        "failures": tally.failures,
        "example": tally.example or ("an answer did not come in time" if late else ""),
        "p50_ms": [_quantile(one, 0.5) for one in tally.seconds],
        "p99_ms": [_quantile(one, 0.99) for one in tally.seconds],
    }


def _quantile(seconds: list[float], share: float) -> float:
    ordered = sorted(seconds)
    return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


if __name__ == "__main__":
    json.dump(run(load(json.load(sys.stdin))), sys.stdout)
