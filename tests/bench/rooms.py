"""Where the time of a request goes, room by room: a profile of create, confirm and retrieve without sockets.

The profiler makes small functions dearer than they are: read it as shares, and the benchmark for costs.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import re
from collections import Counter
from pathlib import Path

from growth import API_KEY, Provider
from peers import INTENTS

from badgateway.ground.message import Request
from badgateway.server.rendering import ProviderApp

ID = re.compile(rb'"id":\s*"([^"]+)"')
PACKAGE = "badgateway/"


def pay(provider: Provider, app: ProviderApp, number: int) -> None:
    """Create, confirm and retrieve one payment, as the edge would pass it on."""
    known = ""
    for step in INTENTS:
        named = {**step["headers"], "Authorization": f"Bearer {API_KEY}", "Host": "127.0.0.1"}
        told = {name: value.replace("{n}", f"{number}.{step['path']}") for name, value in named.items()}
        body = step.get("body", "").replace("{n}", str(number)).encode()
        asked = Request(step["method"], step["path"].replace("{id}", known), "", tuple(told.items()), body)
        call = provider.worlds.arrive(asked)
        _now(call.admit())
        reply = app.answer(asked, call)
        effect = _now(call.release(reply))
        call.finished(is_complete=True, bytes_sent=len(reply.body))
        assert effect.reply is not None
        assert reply.status == 200, reply.body
        found = ID.search(reply.body)
        known = known or (found.group(1).decode() if found else "")


def _now(waiting):
    try:
        waiting.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("a world without a player never waits")


def room_of(file: str) -> str:
    """Give the room or the library that a profiled file belongs to."""
    path = Path(file).as_posix()
    if f"{PACKAGE}" in path and "/tests/" not in path:
        inner = path.rpartition(f"/{PACKAGE}")[2].split("/")
        return "/".join(inner[:2]) if inner[0] == "providers" and len(inner) > 2 else inner[0]
    for library in ("flask", "werkzeug"):
        if f"/{library}/" in path:
            return "flask, werkzeug"
    return "the interpreter's own" if path.startswith("~") or "/python3" in path else "other"


def main() -> None:
    """Print the share of each room."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=1_000)
    options = parser.parse_args()
    provider, app = Provider(), ProviderApp()
    for number in range(20):
        pay(provider, app, number)
    profile = cProfile.Profile()
    profile.enable()
    for number in range(20, 20 + options.payments):
        pay(provider, app, number)
    profile.disable()
    own: Counter[str] = Counter()
    for (file, _, _), (_, _, spent, _, callers) in pstats.Stats(profile).stats.items():
        if not file.startswith("~"):
            own[room_of(file)] += spent
            continue
        # What is written in C is counted for the room that calls it.
        for (caller, _, _), (_, _, part, _) in callers.items():
            own[room_of(caller)] += part
    whole = sum(own.values())
    print("| room | share of the time |\n|---|---|")
    for room, spent in own.most_common():
        if spent / whole >= 0.005:
            print(f"| {room} | {spent / whole:.0%} |")


if __name__ == "__main__":
    main()
