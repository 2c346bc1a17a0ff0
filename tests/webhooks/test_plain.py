"""What is taken for an ordinary answer is one to aiohttp's parser as well."""

import asyncio
from unittest.mock import Mock

import pytest
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpResponseParser
from hypothesis import given
from hypothesis import strategies as st

from badgateway.webhooks.plain import plain_status

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (OK, 200),
        (b"HTTP/1.1 500 \r\ncontent-length: 0\r\n\r\n", 500),
        (b"HTTP/1.1 302\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n", 302),
        (b"HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n", 204),
        (
            b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: 5\r\nContent-Length: 0\r\n\r\n",
            200,
        ),
        (b"", None),
        (OK[:-1], None),
        (OK + b"!", None),
        (OK + OK, None),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", None),
        (b"HTTP/1.1 101 Switching\r\nContent-Length: 0\r\n\r\n", None),
        (b"HTTP/1.1 100 Continue\r\nA: b\r\n\r\n" + OK, None),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n", None),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", None),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", None),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok", None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", None),
        (b"HTTP/1.1 200 OK\r\nX: content-length: 2\r\n\r\nok", None),
        (b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", None),
        (b"HTTP/1.1 200 OK\r\n\r\nok", None),
    ],
)
def test_an_ordinary_answer_is_whole_and_leaves_its_connection_free(answer, status):
    assert plain_status(answer) == status


LINES = st.sampled_from(
    [
        b"Content-Length: 0",
        b"content-length: 2",
        b"Content-Length: 02",
        b"Content-Length: 1",
        b"Content-Length: +2",
        b"Content-Length : 2",
        b"Connection: keep-alive",
        b"Connection: close",
        b"connection: Keep-Alive",
        b"Proxy-Connection: close",
        b"Keep-Alive: timeout=5",
        b"Transfer-Encoding: chunked",
        b"Content-Encoding: identity",
        b"Upgrade: x",
        b"Date: Sun, 06 Nov 1994 08:49:37 GMT",
        b"X: \xe9",
        b" folded",
        b"X:y",
        b"X: ",
        b"",
        b"Set-Cookie: a=b; Path=/",
    ]
)
STARTS = st.sampled_from(
    [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 204 No Content",
        b"HTTP/1.1 404",
        b"HTTP/1.1 304 X",
        b"HTTP/1.1 599 ",
        b"HTTP/1.0 200 OK",
        b"HTTP/1.1 103 Early",
        b"HTTP/1.1  200 OK",
        b"http/1.1 200 OK",
        b"HTTP/1.1 2000 OK",
    ]
)
BODIES = st.sampled_from([b"", b"o", b"ok", b"ok!", b"0\r\n\r\n", OK])


@given(STARTS, st.lists(LINES, max_size=4), st.sampled_from([b"\r\n", b"\n"]), BODIES)
def test_what_is_taken_for_plain_means_the_same_to_aiohttps_parser(start, lines, end, body):
    answer = end.join([start, *lines, b"", b""]) + body

    status = plain_status(answer)

    if status is None:
        return
    parser = HttpResponseParser(
        Mock(BaseProtocol), Mock(asyncio.AbstractEventLoop), 2**16, read_until_eof=True
    )
    ((message, content),), is_upgraded, tail = parser.feed_data(answer)
    assert (message.code, message.should_close, is_upgraded, tail) == (status, False, False, b"")
    assert content.is_eof()
