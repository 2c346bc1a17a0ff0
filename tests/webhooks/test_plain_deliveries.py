"""Plain deliveries have lines of their own: the same bytes, answers and problems as with a session."""

import asyncio
import socket
import struct
from contextlib import asynccontextmanager

import pytest

from badgateway.webhooks import lines
from badgateway.webhooks.deliver import Courier, Parcel, place_of
from badgateway.webhooks.lines import Lines

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
HEADERS = (
    ("Content-Type", "application/json; charset=utf-8"),
    ("User-Agent", "badgateway (stripe)"),
    ("Stripe-Signature", "t=1,v1=00"),
    ("X-Shop", "é"),
)
STAY, CLOSE, RESET = "stay", "close", "reset"
# What a receiver writes, and what it does then.
ANSWERS = {
    "plain": (OK, STAY),
    "one that closes": (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", CLOSE),
    "an older one": (b"HTTP/1.0 200 OK\r\n\r\nok", CLOSE),
    "empty": (b"HTTP/1.1 204 No Content\r\n\r\n", STAY),
    "elsewhere": (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", STAY),
    "refusal": (b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", STAY),
    "in chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", STAY),
    "go on first": (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, STAY),
    "hints first": (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK, STAY),
    "another protocol": (b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", CLOSE),
    "until it closes": (b"HTTP/1.1 200 OK\r\n\r\nok", CLOSE),
    "two at once": (OK + OK, STAY),
    "bare line feeds": (b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", STAY),
    "long": (b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + b"x" * 300_000, STAY),
    "a body that breaks off": (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", CLOSE),
    "a body that never comes": (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", CLOSE),
    "chunks that never come": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", CLOSE),
    "a body that is awaited": (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", STAY),
    "no gzip": (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok", STAY),
    "half a head": (b"HTTP/1.1 200 OK\r\nContent-Le", CLOSE),
    "half a head, then reset": (b"HTTP/1.1 200 OK\r\nContent-Le", RESET),
    "garbage": (b"hello there\r\n\r\n", STAY),
    "a long line": (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 9_000 + b"\r\nContent-Length: 0\r\n\r\n", STAY),
    "two lengths": (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok", STAY),
    "nothing": (b"", CLOSE),
    "reset": (b"", RESET),
    "silence": (b"", STAY),
}


class Receiver:
    """An endpoint that writes one thing to each request and then stays, closes or resets."""

    def __init__(self, answer: bytes = OK, then: str = STAY) -> None:
        self.answer, self.then = answer, then
        self.requests: list[bytes] = []
        self.connections = 0
        self.open: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open.append(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                self.requests.append(head + await reader.readexactly(length))
                writer.write(self.answer)
                await writer.drain()
                if self.then == RESET:
                    linger = struct.pack("ii", 1, 0)
                    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                if self.then != STAY:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def receiving(receiver: Receiver):
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    finally:
        server.close()


def parcel(url: str, headers=HEADERS, body: bytes = b'{"id": "evt_1"}') -> Parcel:
    return Parcel("delivery1", url, body, headers)


async def sent_now(courier: Courier, one: Parcel):
    """Send a parcel over the line that is free, and give its receipt; None: there was no such line."""
    heard = asyncio.get_running_loop().create_future()
    if courier.send_now(one, heard.set_result) is None:
        return None
    sending = await heard
    return await sending.finish() if sending.receipt is None else sending.receipt


async def told(url: str, timeout_ms: int = 400):
    """Give what comes of two deliveries to an address, one after the other."""
    async with Courier(timeout_ms) as courier:
        receipts = [await courier.send(parcel(url)) for _ in range(2)]
    return [(one.status, one.problem) for one in receipts]


@pytest.mark.parametrize("name", ANSWERS)
def test_a_plain_delivery_ends_as_one_of_the_session_does(name):
    async def story():
        plain, general = Receiver(*ANSWERS[name]), Receiver(*ANSWERS[name])
        async with receiving(plain) as to_plain, receiving(general) as to_general:
            assert place_of(parcel(to_plain)) is not None
            assert place_of(parcel(f"{to_general}?")) is None
            outcomes = await told(to_plain), await told(f"{to_general}?")
            ports = [url.rpartition(":")[2].partition("/")[0].encode() for url in (to_plain, to_general)]
        sent = [one.replace(ports[0], ports[1]) for one in plain.requests]
        return *outcomes, sent, general.requests

    plain, general, sent_plain, sent_general = asyncio.run(story())

    assert plain == general
    assert sent_plain == sent_general


@pytest.mark.parametrize("name", ANSWERS)
def test_a_delivery_without_a_task_ends_as_one_with_a_task_does(name):
    async def story(send):
        receiver = Receiver()
        async with receiving(receiver) as url, Courier(400) as courier:
            opening = await courier.send(parcel(url))
            receiver.answer, receiver.then = ANSWERS[name]
            outcomes = [opening, await send(courier, parcel(url)), await courier.send(parcel(url))]
        port = url.rpartition(":")[2].partition("/")[0].encode()
        sent = [one.replace(port, b"PORT") for one in receiver.requests]
        return [(one.status, one.problem) for one in outcomes], sent, receiver.connections

    assert asyncio.run(story(sent_now)) == asyncio.run(story(Courier.send))


def test_without_a_free_line_or_a_plain_parcel_nothing_is_sent_at_once():
    receiver = Receiver()

    async def story():
        async with receiving(receiver) as url, Courier(400) as courier:
            at_first = await sent_now(courier, parcel(url))
            await courier.send(parcel(url))
            return at_first, await sent_now(courier, parcel(f"{url}?")), await sent_now(courier, parcel(url))

    at_first, with_care, then = asyncio.run(story())

    assert (at_first, with_care, then.status) == (None, None, 200)
    assert len(receiver.requests) == 2


def test_who_gives_up_a_delivery_hears_nothing_of_it_and_its_line_is_closed():
    receiver = Receiver()

    async def story():
        heard = []
        async with receiving(receiver) as url, Courier(50) as courier:
            await courier.send(parcel(url))
            receiver.answer = b""
            courier.send_now(parcel(url), heard.append).cancel()
            await receiver.open[0].wait_closed()
            await asyncio.sleep(0.1)
            return heard

    assert asyncio.run(asyncio.wait_for(story(), 10)) == []


@pytest.mark.parametrize("by", ["time", "receiver"])
def test_nothing_is_kept_of_an_idle_connection_that_was_closed(by, monkeypatch):
    monkeypatch.setattr(lines, "IDLE_S", 0.1 if by == "time" else 60)
    receiver = Receiver()

    async def story():
        async with receiving(receiver) as url:
            kept, door = Lines(60), ("127.0.0.1", int(url.rpartition(":")[2].partition("/")[0]))
            request = b"POST /hook HTTP/1.1\r\nContent-Length: 0\r\n\r\n"
            await asyncio.gather(*(kept.ask(door, request) for _ in range(3)))
            open_at_first = len(kept)
            for one in receiver.open if by == "receiver" else ():
                one.close()
            await asyncio.gather(*(one.wait_closed() for one in receiver.open))
            await asyncio.sleep(0.05)
            return open_at_first, len(kept), kept.idle

    assert asyncio.run(asyncio.wait_for(story(), 10)) == (3, 0, {})


def test_nobody_listening_is_told_by_both():
    async def story():
        async with receiving(Receiver()) as url:
            pass
        return await told(url), await told(f"{url}?")

    plain, general = asyncio.run(story())

    assert plain == general == [(None, "connection refused")] * 2


def test_deliveries_in_turn_share_a_connection_and_those_at_once_do_not():
    receiver = Receiver()

    async def story():
        async with receiving(receiver) as url, Courier(2_000) as courier:
            for _ in range(3):
                await courier.send(parcel(url))
            in_turn = receiver.connections
            await asyncio.gather(*(courier.send(parcel(url)) for _ in range(3)))
            return in_turn, receiver.connections

    assert asyncio.run(story()) == (1, 3)


def test_a_connection_that_the_receiver_has_closed_meanwhile_is_not_used_again():
    receiver = Receiver()

    async def story():
        async with receiving(receiver) as url, Courier(2_000) as courier:
            first = await courier.send(parcel(url))
            receiver.open[0].close()
            await receiver.open[0].wait_closed()
            await asyncio.sleep(0)
            return first.status, (await courier.send(parcel(url))).status

    assert asyncio.run(story()) == (200, 200)
    assert receiver.connections == 2


def test_an_idle_connection_is_closed_after_a_while_and_not_before_it_was_used_for_the_last_time(monkeypatch):
    monkeypatch.setattr(lines, "IDLE_S", 0.15)
    receiver = Receiver()

    async def story():
        async with receiving(receiver) as url, Courier(60_000) as courier:
            for _ in range(4):
                assert (await courier.send(parcel(url))).status == 200
                await asyncio.sleep(0.1)
            in_use = receiver.connections
            await receiver.open[0].wait_closed()
            return in_use, (await courier.send(parcel(url))).status

    assert asyncio.run(asyncio.wait_for(story(), 10)) == (1, 200)
    assert receiver.connections == 2


def test_the_patience_of_a_courier_begins_anew_with_each_delivery():
    receiver = Receiver()

    async def story():
        async with receiving(receiver) as url, Courier(300) as courier:
            before = [(await courier.send(parcel(url))).status]
            await asyncio.sleep(0.2)
            before.append((await courier.send(parcel(url))).status)
            receiver.answer = b""
            since = asyncio.get_running_loop().time()
            problem = (await courier.send(parcel(url))).problem
            return before, problem, asyncio.get_running_loop().time() - since

    statuses, problem, waited_s = asyncio.run(story())

    assert (statuses, problem) == ([200, 200], "no answer in time")
    assert 0.29 <= waited_s < 5


def test_plain_and_other_answers_may_take_turns_on_one_connection():
    receiver = Receiver()
    answers = [OK, ANSWERS["in chunks"][0], OK, ANSWERS["empty"][0], ANSWERS["hints first"][0], OK]

    async def story():
        async with receiving(receiver) as url, Courier(2_000) as courier:
            statuses = []
            for receiver.answer in answers:
                statuses.append((await courier.send(parcel(url))).status)
            return statuses

    assert asyncio.run(story()) == [200, 200, 200, 204, 200, 200]
    assert receiver.connections == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:8000/hook",
        "http://127.0.0.1/hook",
        "http://127.0.0.1:80/hook",
        "http://127.0.0.1:65536/hook",
        "http://shop.example:8000/hook",
        "http://127.0.0.256:8000/hook",
        "http://127.0.0.01:8000/hook",
        "http://user:pass@127.0.0.1:8000/hook",
        "http://[::1]:8000/hook",
        "http://127.0.0.1:8000/a/../hook",
        "http://127.0.0.1:8000/a%20b",
        "http://127.0.0.1:8000/hook?shop=1",
        "http://127.0.0.1:8000/hook#part",
        "http://127.0.0.1:8000/hök",
        "http://127.0.0.1:8000/hook\n",
    ],
)
def test_an_address_that_wants_care_goes_through_the_session(url):
    assert place_of(parcel(url)) is None


@pytest.mark.parametrize(
    "headers",
    [
        (),
        HEADERS[1:],
        (*HEADERS, ("Host", "shop.example")),
        (*HEADERS, ("accept", "text/html")),
        (*HEADERS, ("Connection", "close")),
        (*HEADERS, ("content-type", "text/plain")),
        (*HEADERS, HEADERS[-1]),
        (*HEADERS, ("X-Bad", "a\r\nInjected: b")),
        (*HEADERS, ("X Bad", "a")),
    ],
)
def test_headers_that_a_client_goes_by_go_through_the_session(headers):
    assert place_of(parcel("http://127.0.0.1:8000/hook")) is not None
    assert place_of(parcel("http://127.0.0.1:8000/hook", headers)) is None
