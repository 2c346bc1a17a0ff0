"""Kept-alive connections for plain deliveries: aiohttp's own protocol, without what is done around it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from math import inf

from aiohttp.client_proto import ResponseHandler

from badgateway.webhooks.plain import plain_status

ANSWER_BYTES_MAX = 64 * 1024
IDLE_S = 15.0  # real; so long a connection is kept for the next delivery, as aiohttp's session keeps its own

Door = tuple[str, int]  # host and port
Heard = Callable[[int | None], None]  # is told the status of a plain answer, or None: it has to be read on


class Lines:
    """The connections of one courier, and the one timer that sees to their time.

    Most deliveries are plain, and a general client's care for cookies, redirects, proxies and addresses is
    most of what they cost.
    """

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._open: set[Line] = set()
        self.idle: defaultdict[Door, dict[Line, None]] = defaultdict(dict)  # the last one was used last
        self._timer: asyncio.TimerHandle | None = None
        self._next_look_s = inf  # of the loop's clock
        self._is_over = False

    def __len__(self) -> int:
        return len(self._open)

    async def ask(self, door: Door, request: bytes) -> int:
        """Send a whole request, and give the status of its answer; raises as aiohttp's session does.

        Nobody listening is a ConnectionRefusedError, bytes that are no answer an HttpProcessingError.
        """
        loop = asyncio.get_running_loop()
        until_s = loop.time() + self._timeout_s
        line = self.free(door)
        if line is None:
            async with asyncio.timeout_at(until_s):
                line = await self._opened(door)
        answer: asyncio.Future[int | None] = loop.create_future()
        self.begin(line, request, partial(_note, answer), until_s)
        try:
            status = await answer
        except BaseException:
            line.close()
            raise
        if status is None:
            return await self.read_on(line)
        self._give_back(line)
        return status

    def free(self, door: Door) -> Line | None:
        """Give an open line that nobody uses, the one that was used last; None: there is none."""
        idle = self.idle.get(door)
        while idle:
            line, _ = idle.popitem()
            if line.is_connected() and not line.should_close:
                return line
            line.close()
        return None

    def begin(self, line: Line, request: bytes, heard: Heard, until_s: float | None = None) -> None:
        """Send a request over a free line; `until_s`, of the loop's clock: so long its answer may take."""
        if until_s is None:
            until_s = line.now_s() + self._timeout_s
        self._see_to(line, until_s)
        line.ask(request, heard)

    async def read_on(self, line: Line) -> int:
        """Read what is no plain answer to its end, and give its status; raises as aiohttp's session does."""
        try:
            async with asyncio.timeout_at(line.read_until_s):
                status = await line.read_on()
        except BaseException:
            line.close()
            raise
        self._give_back(line)
        return status

    def rest(self, line: Line) -> None:
        """Keep an open line for the next request, and close it where none comes for long."""
        if self._is_over:
            line.close()
            return
        self._see_to(line, line.now_s() + IDLE_S)
        self.idle[line.door][line] = None

    def close(self) -> None:
        """Close what is idle; what is in use closes when it is answered."""
        self._is_over = True
        for line in [line for lines in self.idle.values() for line in lines]:
            line.close()

    def forget(self, line: Line) -> None:
        """Think no more of a line that is closed, by whomever."""
        self._open.discard(line)
        idle = self.idle.get(line.door)
        if idle is not None:
            idle.pop(line, None)
            if not idle:
                del self.idle[line.door]
        if not self._open:
            self._look_at(inf)

    def _give_back(self, line: Line) -> None:
        if line.is_connected() and not line.should_close:
            self.rest(line)
        else:
            line.close()

    async def _opened(self, door: Door) -> Line:
        loop = asyncio.get_running_loop()
        try:
            _, line = await loop.create_connection(lambda: Line(loop, door, self.forget), *door)
        except OSError as error:
            raise ConnectionRefusedError(str(error)) from error
        self._open.add(line)
        return line

    def _see_to(self, line: Line, until_s: float) -> None:
        line.until_s = until_s
        if until_s < self._next_look_s:
            self._look_at(until_s)

    def _look_at(self, at_s: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._next_look_s = at_s
        self._timer = None if at_s == inf else asyncio.get_running_loop().call_at(at_s, self._look)

    def _look(self) -> None:
        """End what has taken its time; lines that were used again meanwhile are looked at later."""
        now_s = asyncio.get_running_loop().time()
        for line in [*self._open]:
            if line.until_s <= now_s:
                line.end()
        self._look_at(min([line.until_s for line in self._open], default=inf))


class Line(ResponseHandler):
    """One connection. A plain answer that comes in one piece is told here, any other by aiohttp's parser."""

    def __init__(self, loop: asyncio.AbstractEventLoop, door: Door, on_close: Callable[[Line], None]) -> None:
        super().__init__(loop)
        self.door = door
        self.now_s = loop.time
        self.until_s = inf  # when its time is over; inf: somebody else sees to that
        self.read_until_s = inf  # when an answer has to be read to its end
        self._heard: Heard | None = None  # while nothing came in since the request
        self._on_close = on_close

    def ask(self, request: bytes, heard: Heard) -> None:
        """Send a request; whoever hears None reads on, and is told there what has gone wrong."""
        if self.transport is None:
            self._let_read_on(heard)
        else:
            self._heard = heard
            self.transport.write(request)

    async def read_on(self) -> int:
        """Read what is no plain answer to its end, and give its status; raises as aiohttp's session does."""
        message, content = await self.read()
        while 100 <= message.code < 200 and message.code != 101:
            message, content = await self.read()
        await content.read(ANSWER_BYTES_MAX)
        return int(message.code)

    def data_received(self, data: bytes) -> None:
        """Take in what the receiver sends."""
        heard, self._heard = self._heard, None
        if heard is None:
            super().data_received(data)
            return
        status = plain_status(data)
        if status is None:
            self.set_response_params(read_until_eof=True)
            super().data_received(data)
            self._let_read_on(heard)
        else:
            heard(status)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Let whoever waits read on, which raises what has happened."""
        self._on_close(self)
        super().connection_lost(exc)
        heard, self._heard = self._heard, None
        if heard is not None:
            self._let_read_on(heard)

    def close(self) -> None:
        """Close the connection; whoever waits hears nothing any more."""
        self._heard = None
        super().close()
        self._on_close(self)

    def end(self) -> None:
        """Close what nobody uses, and tell whoever waits that there was no answer in time."""
        heard, self._heard = self._heard, None
        if heard is None:
            self.close()
        else:
            self.set_exception(TimeoutError())
            self._let_read_on(heard)

    def _let_read_on(self, heard: Heard) -> None:
        self.read_until_s, self.until_s = self.until_s, inf
        heard(None)


def _note(answer: asyncio.Future[int | None], status: int | None) -> None:
    if not answer.done():
        answer.set_result(status)
