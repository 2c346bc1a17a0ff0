"""Deliveries over real sockets: one at a time, refused, silent, and with last bytes that leave together."""

import asyncio
from contextlib import asynccontextmanager

from badgateway.webhooks.deliver import Courier, Parcel

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Receiver:
    """A webhook endpoint that notes what it got and when a request was whole."""

    def __init__(self, answer: bytes | None = ANSWER) -> None:
        self.answer = answer
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []
        self.unfinished = 0
        self.unfinished_at_end: list[int] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    int(line.split(b":")[1])
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-length")
                )
                body = await reader.readexactly(length - 1) if length > 1 else b""
                self.unfinished += 1
                body += await reader.readexactly(1)
                self.unfinished_at_end.append(self.unfinished)
                self.heads.append(head)
                self.bodies.append(body)
                if self.answer is None:
                    await asyncio.Event().wait()
                writer.write(self.answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def receiving(receiver: Receiver):
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/hook"
    finally:
        server.close()


def parcel(url: str, name: str = "delivery1", body: bytes = b'{"id": "evt_1"}') -> Parcel:
    return Parcel(name, url, body, (("Stripe-Signature", "t=1,v1=00"),))


def test_the_exact_bytes_and_headers_arrive():
    receiver = Receiver()

    async def story():
        async with receiving(receiver) as url, Courier(2_000) as courier:
            return await courier.send(parcel(url, body=b'{ "id":\n "evt_1" }'))

    receipt = asyncio.run(story())

    assert (receipt.status, receipt.problem) == (200, None)
    assert receiver.bodies == [b'{ "id":\n "evt_1" }']
    assert b"Stripe-Signature: t=1,v1=00" in receiver.heads[0]


def test_a_redirect_is_an_answer_and_is_not_followed():
    receiver = Receiver(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")

    async def story():
        async with receiving(receiver) as url, Courier(2_000) as courier:
            return await courier.send(parcel(url))

    assert asyncio.run(story()).status == 302
    assert len(receiver.bodies) == 1


def test_nobody_listening_is_a_receipt_and_not_an_exception():
    async def story():
        async with receiving(Receiver()) as url:
            pass
        async with Courier(2_000) as courier:
            return await courier.send(parcel(url))

    receipt = asyncio.run(story())

    assert (receipt.status, receipt.problem) == (None, "connection refused")


def test_silence_ends_at_the_time_limit():
    async def story():
        async with receiving(Receiver(answer=None)) as url, Courier(80) as courier:
            return await courier.send(parcel(url))

    receipt = asyncio.run(story())

    assert (receipt.status, receipt.problem) == (None, "no answer in time")


def test_no_member_of_a_burst_is_whole_before_all_are_there():
    receiver = Receiver()

    async def story():
        async with receiving(receiver) as url, Courier(2_000) as courier:
            senders = courier.send_at_once([parcel(url, f"delivery{n}") for n in range(5)], 1_000)
            return await asyncio.gather(*senders)

    receipts = asyncio.run(story())

    assert [receipt.status for receipt in receipts] == [200] * 5
    assert all(receipt.is_aligned for receipt in receipts)
    assert receiver.unfinished_at_end[0] == 5, (
        "the first whole request found all others waiting for their last byte"
    )


def test_a_burst_at_a_dead_endpoint_ends_and_says_that_it_was_not_aligned():
    async def story():
        async with receiving(Receiver()) as url:
            pass
        async with Courier(2_000) as courier:
            return await asyncio.gather(*courier.send_at_once([parcel(url, "a"), parcel(url, "b")], 300))

    receipts = asyncio.run(story())

    assert {receipt.problem for receipt in receipts} == {"connection refused"}
    assert not any(receipt.is_aligned for receipt in receipts)
