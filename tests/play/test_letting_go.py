"""What a fault still keeps waiting when a play is over ends with it: the integration is needed for more."""

import asyncio

import pytest

from badgateway.play.limbo import make_limbo
from badgateway.play.switchboard import Worlds
from badgateway.server.edge import Edge

PATIENCE_S = 30


async def to_its_end(reader):
    """Read until the other side ends the connection, in whichever way it does."""
    try:
        while await reader.read(1_000):
            pass
    except ConnectionResetError:
        pass


@pytest.mark.parametrize("values", [{"do": "hold"}, {"do": "trickle", "bytes_per_s": 1}])
def test_a_call_without_end_ends_with_its_play(lab, values):
    fault = lab.fault("*", "after_commit", **values)
    world = lab.a_world(lab.a_plan(faults=(fault,)))
    world.is_free = True
    worlds = Worlds(make_limbo())
    worlds.open(world)
    asked = lab.pay(world)
    lines = [f"{asked.method} {asked.path} HTTP/1.1", "Host: x", f"Content-Length: {len(asked.body)}"]
    lines += [f"{name}: {value}" for name, value in asked.headers]

    async def story():
        async with Edge(worlds) as edge, asyncio.timeout(PATIENCE_S):
            host, port = edge.url.removeprefix("http://").split(":")
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write("\r\n".join([*lines, "", ""]).encode() + asked.body)
            await world.gates.changed((), PATIENCE_S * 1000)
            (call,) = world.gates.calls
            await call.at_exit.wait()
            worlds.close(world)
            await to_its_end(reader)
            writer.close()
            await writer.wait_closed()

    asyncio.run(story())

    assert not world.gates.calls


def test_a_call_that_is_let_go_before_its_task_is_known_ends_with_it(lab):
    world = lab.a_world(lab.a_plan(faults=(lab.fault("*", "after_commit", do="hold"),)))
    call = Worlds(make_limbo(), current=[world]).arrive(lab.pay(world))

    async def story():
        carrier = asyncio.create_task(asyncio.sleep(PATIENCE_S))
        call.let_go()
        call.carried_by(carrier)
        await asyncio.wait([carrier], timeout=PATIENCE_S)
        return carrier.cancelled()

    assert asyncio.run(story())
