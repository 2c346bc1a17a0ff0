"""Thousands of calls that a fault holds, and others that are answered meanwhile; a program of its own.

Asked by JSON on standard input, it prints `held` when all calls are on their way, and then JSON: how long it
took until all were answered, and how the others fared.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from load import Connection, Tally

from badgateway.server.loops import run

AT_ONCE = 200  # connections that are opened together
PATIENCE_S = 60.0  # beyond the time that the fault holds a call


class Waiting(asyncio.Protocol):
    """One connection with one call, and the moment in which it is answered."""

    def __init__(self, asked: bytes, over: asyncio.Future, waited_s: list[float]) -> None:
        self.asked, self.over, self.waited_s = asked, over, waited_s

    def connection_made(self, transport) -> None:
        """Ask."""
        self.transport, self.since = transport, time.perf_counter()
        transport.write(self.asked)

    def data_received(self, data: bytes) -> None:
        """Note the answer's first bytes; it comes in one piece."""
        if not self.over.done():
            self.waited_s.append(time.perf_counter() - self.since)
            self.over.set_result(data.startswith(b"HTTP/1.1 200"))
        self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Take a lost connection for a call without an answer."""
        if not self.over.done():
            self.over.set_result(False)


async def hold(asked: dict) -> dict:
    """Let the calls wait, ask other things meanwhile, and give what was seen."""
    loop = asyncio.get_running_loop()
    head = "\r\n".join(f"{name}: {value}" for name, value in asked["headers"].items())
    request = f"GET {asked['path']} HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}\r\n\r\n".encode()
    began = time.perf_counter()
    overs: list[asyncio.Future] = []
    waited_s: list[float] = []  # of each call by itself, since it was sent

    async def connect() -> None:
        over = loop.create_future()
        overs.append(over)
        await loop.create_connection(lambda: Waiting(request, over, waited_s), "127.0.0.1", asked["port"])

    for start in range(0, asked["calls"], AT_ONCE):
        await asyncio.gather(*(connect() for _ in range(min(AT_ONCE, asked["calls"] - start))))
    sent_s = time.perf_counter() - began
    print("held", flush=True)
    await asyncio.to_thread(sys.stdin.readline)  # the other side weighs the server meanwhile
    others_since = time.perf_counter()
    tally = Tally(float("inf"), 10**9, seconds=[[]])
    others = [loop.create_future() for _ in range(asked["others"])]
    for number, over in enumerate(others):
        await loop.create_connection(
            lambda number=number, over=over: Connection([asked["other"]], number, tally, over),
            "127.0.0.1",
            asked["port"],
        )
    _, unanswered = await asyncio.wait(overs, timeout=asked["hold_s"] + PATIENCE_S)
    all_s, meanwhile = time.perf_counter() - began, sorted(tally.seconds[0])
    others_s = time.perf_counter() - others_since
    tally.until = 0.0
    await asyncio.wait(others, timeout=PATIENCE_S)
    return {
        "sent_s": sent_s,
        "all_s": all_s,
        "late_p50_s": _median(waited_s) - asked["hold_s"],
        "late_max_s": max(waited_s, default=0.0) - asked["hold_s"],
        "unanswered": len(unanswered) + sum(not over.result() for over in overs if over.done()),
        "others_failed": tally.failures,
        "others_per_s": len(meanwhile) / others_s,
        "p50_ms": 1000 * meanwhile[len(meanwhile) // 2] if meanwhile else None,
        "p99_ms": 1000 * meanwhile[int(len(meanwhile) * 0.99)] if meanwhile else None,
    }


def _median(seconds: list[float]) -> float:
    return sorted(seconds)[len(seconds) // 2] if seconds else 0.0


if __name__ == "__main__":
    print(json.dumps(run(hold(json.loads(sys.stdin.readline())))))
