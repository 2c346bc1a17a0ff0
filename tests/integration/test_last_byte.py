"""An operation in a race, on the wire: its last byte goes out when the others have come as far."""

import asyncio
from contextlib import asynccontextmanager

from badgateway.ground.barrier import Barrier
from badgateway.integration.client import Client, Outgoing

FOR_EVER_MS = 600_000
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Door:
    """A server that keeps what came in on each connection, and answers when a request is whole."""

    def __init__(self):
        self.heard = []
        self.moved = asyncio.Event()

    async def serve(self, reader, writer):
        heard = bytearray()
        self.heard.append(heard)
        self.moved.set()
        while data := await reader.read(1 << 16):
            heard += data
            self.moved.set()
            head, _, body = bytes(heard).partition(b"\r\n\r\n")
            wanted = 4 if b"POST" in head else 0
            if b"\r\n\r\n" in heard and len(body) == wanted:
                writer.write(ANSWER)
                await writer.drain()
        writer.close()

    async def until(self, condition):
        while not condition():
            self.moved.clear()
            await self.moved.wait()


@asynccontextmanager
async def at_the_door():
    door = Door()
    server = await asyncio.start_server(door.serve, "127.0.0.1", 0)
    client = Client(5_000)
    try:
        yield door, client, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        await client.close()
        server.close()
        await server.wait_closed()


def test_a_body_waits_with_its_last_byte_on_the_open_socket():
    async def story():
        async with at_the_door() as (door, client, url):
            barrier = Barrier(2, FOR_EVER_MS)
            asked = asyncio.create_task(client.send(Outgoing("POST", url, {}, b"abcd"), barrier))
            await door.until(lambda: door.heard and door.heard[0].endswith(b"abc"))
            before = bytes(door.heard[0])
            barrier.leave()
            answer = await asked
            return before, bytes(door.heard[0]), answer

    before, after, answer = asyncio.run(story())

    assert b"content-length: 4" in before.lower()
    assert after == before + b"d"
    assert (answer.status, answer.problem) == (200, None)


def test_a_request_without_a_body_waits_whole_on_an_open_socket():
    async def story():
        async with at_the_door() as (door, client, url):
            barrier = Barrier(2, FOR_EVER_MS)
            asked = asyncio.create_task(client.send(Outgoing("GET", url, {}), barrier))
            await door.until(lambda: door.heard)
            before = bytes(door.heard[0])
            barrier.leave()
            answer = await asked
            return before, bytes(door.heard[0]), answer

    before, after, answer = asyncio.run(story())

    assert before == b""
    assert after.startswith(b"GET / HTTP/1.1")
    assert answer.status == 200


def test_two_operations_let_their_last_bytes_go_together():
    async def story():
        async with at_the_door() as (_, client, url):
            barrier = Barrier(2, FOR_EVER_MS)
            both = [
                client.send(Outgoing("POST", url, {}, b"abcd"), barrier),
                client.send(Outgoing("GET", url, {}), barrier),
            ]
            return barrier, await asyncio.gather(*both)

    barrier, answers = asyncio.run(story())

    assert barrier.was_complete
    assert [answer.status for answer in answers] == [200, 200]
