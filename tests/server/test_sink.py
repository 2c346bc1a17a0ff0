"""The sink and the trap are served by the same edge as the providers, over real sockets."""

import asyncio
import json
from dataclasses import replace

import pytest

from badgateway.faults.base import AFTER_COMMIT, BEFORE_COMMIT
from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.integration.model import EffectDoor
from badgateway.journal.journal import Journal
from badgateway.plan.model import Order, PlannedFault, Selector
from badgateway.play.limbo import empty_plan, make_limbo
from badgateway.play.planting import plant
from badgateway.play.sink import PREFIX
from badgateway.play.switchboard import Worlds
from badgateway.play.world import make_world
from badgateway.providers import DIALECTS
from badgateway.server.edge import Edge

MAIL = EffectDoor("mail", "POST", "/mail", "$.reference")


def a_world(*faults):
    order = Order("o1", 4999, "EUR", "automatic", "approved", {"name": "Ann", "email": "a@example.com"})
    plan, clock, ids = replace(empty_plan(), orders=(order,), faults=faults), Clock(), Ids(1, "n")
    world = make_world(plan, DIALECTS["stripe"], Journal(clock), clock, ids, "sk_test_x", None)
    world.effects = (MAIL,)
    return world


async def ask(edge, method, path, body=None, key="k1"):
    """Send one request over a socket of its own; gives the status, or None where nothing came back."""
    data = json.dumps(body).encode() if body is not None else b""
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nIdempotency-Key: {key}\r\nContent-Length: {len(data)}\r\n"
    reader, writer = await asyncio.open_connection(edge.host, edge.port)
    writer.write(f"{head}Connection: close\r\n\r\n".encode() + data)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(answer.split()[1]) if answer else None


def told(world, kind):
    return [dict(one.data) for one in world.journal.entries if one.kind == kind]


def send(world, times=1):
    async def story():
        worlds = Worlds(make_limbo())
        worlds.open(world)
        async with Edge(worlds) as edge:
            mail = {"reference": world.reference("o1")}
            return [await ask(edge, "POST", f"{PREFIX}/mail", mail) for _ in range(times)]

    return asyncio.run(story())


def test_a_mail_is_taken_and_journalled():
    world = a_world()

    assert send(world) == [200]
    assert [one["effect"] for one in told(world, "effect.seen")] == ["mail"]


@pytest.mark.parametrize(
    ("phase", "do", "heard", "taken"),
    [(BEFORE_COMMIT, "reply", 500, [False, True]), (AFTER_COMMIT, "close", None, [True, True])],
    ids=["it fails", "its answer is lost"],
)
def test_the_sink_misbehaves_on_cue(phase, do, heard, taken):
    world = a_world(PlannedFault(1, Selector("mail", 1, "o1", "effect"), phase, do))

    assert send(world, times=2) == [heard, 200]
    assert [one["is_taken"] for one in told(world, "effect.seen")] == taken


def test_whoever_walks_into_the_trap_is_seen():
    world = a_world()
    plant(world, world.watch)

    async def story():
        worlds = Worlds(make_limbo())
        worlds.open(world)
        async with Edge(worlds) as edge:
            return await ask(edge, "GET", world.canaries.trap)

    assert asyncio.run(story()) == 200
    assert [one["place"] for one in told(world, "canary.seen")] == ["outbound request"]
