"""The short way past uvicorn and ASGI gives what the long way gives, whatever comes and however it is cut."""

from __future__ import annotations

import asyncio
import gc
import weakref
from dataclasses import dataclass, field

import httptools
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uvicorn.config import Config
from uvicorn.server import ServerState

from badgateway.faults.base import Effect
from badgateway.ground.message import Reply, Request
from badgateway.ground.records import changed
from badgateway.server.bounds import Bounds
from badgateway.server.connection import Connection, _target
from badgateway.server.doorway import Doorway

BOUNDS = Bounds(body_bytes_max=40, head_bytes_max=400)
PLAIN = Effect(Reply(200, b"{}", (("content-type", "application/json"), ("request-id", "r1"))))


class Wire(asyncio.Transport):
    """A transport without a socket; it notes what is written to it, and how it ends."""

    def __init__(self) -> None:
        super().__init__()
        self.written, self.end, self.is_read = b"", None, True

    def write(self, data):
        if self.end is None:
            self.written += data

    def close(self):
        self.end = self.end or "close"

    def abort(self):
        self.end = self.end or "abort"

    def is_closing(self):
        return self.end is not None

    def pause_reading(self):
        self.is_read = False

    def resume_reading(self):
        self.is_read = True


@dataclass
class Ask:
    """One exchange that waits some turns of the loop at each gate."""

    board: Board
    request: Request
    waits: int
    effect: Effect

    async def admit(self):
        for _ in range(self.waits):
            await asyncio.sleep(0)

    def commit(self):
        return self.effect.reply or Reply(200)

    async def release(self, reply):
        for _ in range(self.waits):
            await asyncio.sleep(0)
        return changed(self.effect, reply=None if self.effect.reply is None else reply)

    def finished(self, *, is_complete, bytes_sent):
        self.board.ends.append((self.request.path, is_complete, bytes_sent))


@dataclass
class Board:
    """Gives each request the next of the planned exchanges."""

    plans: list[tuple[int, Effect]]
    asked: list[Request] = field(default_factory=list)
    ends: list[tuple[str, bool, int]] = field(default_factory=list)

    def arrive(self, request):
        self.asked.append(request)
        return Ask(self, request, *self.plans[(len(self.asked) - 1) % len(self.plans)])


def a_connection(board, told, loop, *, is_short=True):
    doorway = Doorway(board, BOUNDS, told.append, lambda bug: told.append(repr(bug.__cause__)))
    config = Config(doorway, interface="asgi3", ws="none", lifespan="off", log_config=None)
    config.load()
    state, wire = ServerState(), Wire()
    connection = Connection(config, state, loop, BOUNDS, told.append, doorway if is_short else None)
    connection.connection_made(wire)
    return connection, wire, state


def outcome(pieces, plans, *, is_short):
    """Feed a connection and give all that can be seen of it."""

    async def story():
        board, told = Board(plans), []
        connection, wire, state = a_connection(board, told, asyncio.get_running_loop(), is_short=is_short)
        for piece in pieces:
            if wire.end is None:
                connection.data_received(piece)
            for _ in range(60):
                await asyncio.sleep(0)
        connection.connection_lost(None)
        if state.tasks:
            await asyncio.wait(state.tasks)
        return wire.written, wire.end, board.asked, board.ends, told

    return asyncio.run(story())


METHODS = st.sampled_from(["GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS"])
TARGETS = ["/v1/a", "/v1/a%2Fb?x=1&y=%20", "/?", "/a#b", "http://h/p?q"]
ODD_TARGETS = ["*", "http://host", "/caf\xe9", "/" + 400 * "a"]
VERSIONS = st.sampled_from(["1.1", "1.1", "1.1", "1.0"])
LINES = [
    *("X-Twice: a", "x-twice: \xe9", "Connection: close", "Connection: keep-alive", "Expect: 100-continue"),
    *("Connection: Upgrade\r\nUpgrade: websocket", "Idempotency-Key: k", "Long: " + 100 * "x"),
]
ODD_LINES = ["Bad : x", "Long: " + 400 * "x", "Content-Length: 3", "x: \0"]
BODIES = st.one_of(st.none(), st.binary(max_size=60))
HEADERS = [
    *[("content-type", "a/b"), ("X-Upper", "A"), ("Content-Length", "7"), ("transfer-encoding", "chunked")],
    *[("connection", "close"), ("x-odd", "a\tb"), ("x-odd", "caf\xe9"), ("x-odd", "\x85"), ("x", "")],
    *[("x-odd", "\u20ac"), ("x odd", "a"), ("x-\xe9", "a"), ("x-null", "a\0"), ("x-lines", "a\r\nb: c")],
]
REPLIES = st.builds(
    Reply,
    st.sampled_from([200, 200, 201, 204, 304, 402, 599, 700]),
    st.binary(max_size=20),
    st.lists(st.sampled_from(HEADERS), max_size=3).map(tuple),
)
EFFECTS = st.one_of(
    st.builds(Effect, REPLIES),
    st.builds(Effect, REPLIES, ending=st.sampled_from(["keep", "fin"]), body_bytes_max=st.integers(0, 9)),
    st.just(Effect(None, ending="fin")),
)


@st.composite
def requests(draw, targets=TARGETS, lines=LINES):
    """Give a request as bytes."""
    body, is_chunked = draw(BODIES), draw(st.booleans())
    first = f"{draw(METHODS)} {draw(st.sampled_from(targets))} HTTP/{draw(VERSIONS)}"
    lines = [first, "Host: p", *draw(st.lists(st.sampled_from(lines), max_size=3))]
    if body is None:
        return "\r\n".join([*lines, "", ""]).encode("latin-1")
    if is_chunked:
        lines.append("Transfer-Encoding: chunked")
        sent = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
    else:
        lines.append(f"Content-Length: {len(body)}")
        sent = body
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + sent


@st.composite
def pieces(draw):
    """Give some requests one after the other, or an odd one alone, cut anywhere."""
    odd = requests([*TARGETS, *ODD_TARGETS], [*LINES, *ODD_LINES]).map(lambda one: [one])
    stream = b"".join(draw(st.one_of(st.lists(requests(), min_size=1, max_size=4), odd)))
    cuts = sorted(draw(st.sets(st.integers(1, max(1, len(stream) - 1)), max_size=4)))
    return [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]


@given(pieces=pieces(), plans=st.lists(st.tuples(st.integers(0, 2), EFFECTS), min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_both_ways_give_the_same_answers_ends_and_reports(pieces, plans):
    assert outcome(pieces, plans, is_short=True) == outcome(pieces, plans, is_short=False)


@pytest.mark.parametrize("is_short", [True, False])
def test_a_header_behind_the_body_is_one_of_the_request(is_short):
    head = b"POST /a HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n\r\n"
    sent = head + b"1\r\nx\r\n0\r\nX-Late: \xe9\r\n\r\n"

    _, _, asked, _, _ = outcome([sent, sent], [(0, PLAIN)], is_short=is_short)

    headers = (("host", "p"), ("transfer-encoding", "chunked"), ("x-late", "\xe9"))
    assert asked == 2 * [Request("POST", "/a", "", headers, b"x")]


@given(
    st.text("abc%.~", max_size=4),
    st.sampled_from(["", "?", "?a=1", "?a=1?b", "?a/b&c=%20", "#f", "?a#f", "#f?a"]),
    st.sampled_from(["/", "//", "http://h/", "http://h", "http://h:80/x/", "*"]),
)
def test_a_target_is_split_as_the_parser_splits_it(rest, query, start):
    target = f"{start}{rest}{query}".encode()

    def parsed():
        found = httptools.parse_url(target)
        return found.path, found.query or b""

    assert told_or_refused(parsed) == told_or_refused(lambda: _target(target))


def told_or_refused(split):
    """Give what a target was split into, or nothing where it is no target."""
    try:
        return split()
    except httptools.HttpParserInvalidURLError:
        return None


def test_an_ordinary_request_is_answered_before_its_callback_returns():
    async def story():
        board = Board([(0, PLAIN)])
        connection, wire, state = a_connection(board, [], asyncio.get_running_loop())
        connection.data_received(b"POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nok")
        return wire.written, board.ends, set(state.tasks)

    written, ends, tasks = asyncio.run(story())

    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nrequest-id: r1\r\ncontent-length: 2\r\n\r\n"
    assert written == head + b"{}"
    assert ends == [("/a", True, 2)]
    assert tasks == set()


def test_of_many_requests_that_come_at_once_one_is_answered_in_the_callback():
    async def story():
        board = Board([(0, PLAIN)])
        connection, _, _ = a_connection(board, [], asyncio.get_running_loop())
        connection.data_received(b"GET /a HTTP/1.1\r\n\r\n" * 5)
        at_once = len(board.ends)
        for _ in range(60):
            await asyncio.sleep(0)
        return at_once, len(board.ends)

    assert asyncio.run(story()) == (1, 5)


def test_the_answer_to_a_head_is_not_overtaken():
    async def story():
        connection, wire, _ = a_connection(Board([(0, PLAIN)]), [], asyncio.get_running_loop())
        connection.data_received(b"HEAD /a HTTP/1.1\r\n\r\n")
        await asyncio.sleep(0)
        connection.data_received(b"GET /b HTTP/1.1\r\n\r\n")
        for _ in range(10):
            await asyncio.sleep(0)
        return wire.written

    answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nrequest-id: r1\r\ncontent-length: "
    assert asyncio.run(story()) == answer + b"0\r\n\r\n" + answer + b"2\r\n\r\n{}"


def test_who_carries_a_held_call_is_a_task_of_its_own_also_where_data_come_from_another():
    async def story():
        board, carriers = Board([(0, Effect(None, wait_ms=None))]), []

        class Held(Ask):
            def carried_by(self, carrier):
                carriers.append(carrier)

        board.arrive = lambda request: Held(board, request, *board.plans[0])
        connection, _, state = a_connection(board, [], asyncio.get_running_loop())
        connection.data_received(b"GET /a HTTP/1.1\r\n\r\n")  # in this task, as a tunnel does it
        started = list(state.tasks)
        await asyncio.sleep(0)
        connection.connection_lost(None)
        await asyncio.wait(started)
        return carriers == started, board.ends

    assert asyncio.run(story()) == (True, [("/a", False, 0)])


def test_a_client_that_does_not_read_is_waited_for():
    async def story():
        board = Board([(0, PLAIN)])
        connection, wire, _ = a_connection(board, [], asyncio.get_running_loop())
        connection.pause_writing()
        connection.data_received(b"GET /a HTTP/1.1\r\n\r\n")
        for _ in range(10):
            await asyncio.sleep(0)
        before = wire.written
        connection.resume_writing()
        for _ in range(10):
            await asyncio.sleep(0)
        return before, wire.written[-2:], board.ends

    assert asyncio.run(story()) == (b"", b"{}", [("/a", True, 2)])


def test_the_users_interrupt_is_not_taken_for_a_malformed_request():
    async def story():
        board = Board([(0, PLAIN)])
        connection, wire, _ = a_connection(board, [], asyncio.get_running_loop())

        def interrupted(_request):
            raise KeyboardInterrupt

        board.arrive = interrupted
        with pytest.raises(KeyboardInterrupt):
            connection.data_received(b"GET /a HTTP/1.1\r\n\r\n")
        return wire.written

    assert asyncio.run(story()) == b""


@pytest.mark.parametrize(
    "effect",
    [
        PLAIN,
        Effect(PLAIN.reply, ending="fin"),
        Effect(None, ending="fin"),
        Effect(None, wait_ms=None),
    ],
)
@pytest.mark.parametrize("waits", [0, 1])
@pytest.mark.parametrize("asked", [1, 3])
def test_a_lost_connection_is_forgotten_without_the_collector(effect, waits, asked):
    async def story():
        connection, *_ = a_connection(Board([(waits, effect)]), [], asyncio.get_running_loop())
        connection.data_received(b"GET /a HTTP/1.1\r\n\r\n" * asked)
        for _ in range(10):
            await asyncio.sleep(0)
        connection.connection_lost(None)
        for _ in range(10):
            await asyncio.sleep(0)
        known = weakref.ref(connection)
        del connection
        return known()

    gc.disable()
    try:
        assert asyncio.run(story()) is None
    finally:
        gc.enable()


class Clockwork:
    """As much of a loop as an idle connection needs, with a clock that is set by hand."""

    def __init__(self):
        self.now_s, self.timers = 0.0, []

    def time(self):
        return self.now_s

    def call_later(self, seconds, callback):
        self.timers.append((self.now_s + seconds, callback))
        return self.timers[-1]

    def go_to(self, now_s):
        self.now_s = now_s
        due, self.timers = (
            [one for one in self.timers if one[0] <= now_s],
            [one for one in self.timers if one[0] > now_s],
        )
        for _, callback in due:
            callback()


def test_one_timer_closes_a_connection_that_rested_all_its_time():
    loop = Clockwork()
    connection, wire, _ = a_connection(Board([(0, PLAIN)]), [], loop)
    connection.timeout_keep_alive = 100

    for now_s in (0, 30, 60):
        loop.go_to(now_s)
        connection.data_received(b"GET /a HTTP/1.1\r\n\r\n")
        assert len(loop.timers) == 1
    loop.go_to(100)
    assert wire.end is None
    loop.go_to(159)
    assert wire.end is None
    loop.go_to(160)

    assert wire.end == "close"


def test_a_request_that_is_on_its_way_stops_the_time():
    loop = Clockwork()
    connection, wire, _ = a_connection(Board([(0, PLAIN)]), [], loop)
    connection.timeout_keep_alive = 100

    connection.data_received(b"GET /a HTTP/1.1\r\n\r\n")
    loop.go_to(50)
    connection.data_received(b"GET /a HTTP/1.1\r\n")
    loop.go_to(500)
    assert wire.end is None
    connection.data_received(b"\r\n")
    loop.go_to(600)

    assert wire.end == "close"


def test_a_request_that_began_in_the_piece_of_another_stops_the_time_as_well():
    loop = Clockwork()
    connection, wire, _ = a_connection(Board([(0, PLAIN)]), [], loop)
    connection.timeout_keep_alive = 100

    connection.data_received(b"GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n")
    loop.go_to(500)

    assert wire.end is None


def test_what_is_dropped_of_a_body_does_not_stop_the_time():
    loop = Clockwork()
    connection, wire, _ = a_connection(Board([(0, PLAIN)]), [], loop)
    connection.timeout_keep_alive = 100

    connection.data_received(b"POST /a HTTP/1.1\r\nContent-Length: 60\r\n\r\n" + 50 * b"x")
    connection.data_received(10 * b"x")
    assert wire.end is None
    loop.go_to(100)

    assert wire.end == "close"
