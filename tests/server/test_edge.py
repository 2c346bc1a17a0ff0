"""The edge: its start, its end, and its bounds."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from contextlib import ExitStack

import pytest

from badgateway.errors import EnvironmentProblem
from badgateway.server.bounds import Bounds
from badgateway.server.edge import Edge
from badgateway.server.watch import Watch


class Nobody:
    """A switchboard that is never asked."""

    def arrive(self, request):
        raise AssertionError(request)


def test_a_free_port_is_found_and_named_in_the_url(running):
    assert running.edge.port > 0
    assert running.edge.url == f"http://127.0.0.1:{running.edge.port}"


def test_a_busy_port_is_a_problem_of_the_machine_said_in_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(EnvironmentProblem, match=rf"port {port} of 127\.0\.0\.1: Address already in use"):
            asyncio.run(Edge(Nobody(), port=port).start())


def test_an_address_of_another_machine_is_a_problem_of_the_machine():
    with pytest.raises(EnvironmentProblem, match="cannot listen"):
        asyncio.run(Edge(Nobody(), host="192.0.2.1").start())


def test_signals_and_loggers_stay_as_they_were():
    async def start_and_stop():
        edge = Edge(Nobody())
        await edge.start()
        during = (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM))
        await edge.stop()
        return during

    before = (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM))
    names = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")
    loggers = [(log.handlers[:], log.level, log.propagate) for log in map(logging.getLogger, names)]

    during = asyncio.run(start_and_stop())

    # The runner of this loop puts its own SIGINT handler in place; SIGTERM is nobody's.
    assert during[1] == before[1]
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
    assert [(log.handlers[:], log.level, log.propagate) for log in map(logging.getLogger, names)] == loggers


def test_stopping_frees_the_port_and_ends_what_is_parked_and_what_is_idle(running):
    running.board.gate("/parked", "in")
    with running.client() as client, running.client() as idle:
        idle.ask("/calm")
        idle.hear()
        running.finished()
        client.ask("/parked")
        running.board.parked.get(timeout=10)

        running.run(running.edge.stop())

        assert running.finished().ends == [(False, 0)]
        assert (client.hear_end(), idle.hear_end()) == (b"", b"")
    with socket.create_server(("127.0.0.1", running.edge.port)):
        pass


def test_an_exchange_that_clings_to_its_gate_is_cancelled_once_more_when_the_edge_stops(running, monkeypatch):
    monkeypatch.setattr("badgateway.server.edge.STOP_S_MAX", 0.05)
    running.board.gate("/clinging", "in")
    with running.client() as client:
        client.ask("/clinging")
        running.board.parked.get(timeout=10)

        running.run(running.edge.stop())

    assert running.finished().ends == [(False, 0)]


def test_two_edges_run_side_by_side(serving):
    first, second = serving(), serving()

    with first.client() as one, second.client() as two:
        one.ask("/one")
        two.ask("/two")
        answers = (one.hear()[0], two.hear()[0])

    assert answers == (200, 200)
    assert [ask.request.path for ask in first.board.asked] == ["/one"]
    assert [ask.request.path for ask in second.board.asked] == ["/two"]


def test_a_body_within_the_bound_is_read_whole(running):
    body = b"x" * (1024 * 1024)

    with running.client() as client:
        client.ask("/calm", body)
        client.hear()

    assert running.finished().request.body == body


def test_a_body_over_the_bound_is_answered_with_413_and_reported(running):
    with running.client() as client:
        client.ask("/large", b"x" * (4 * 1024 * 1024))
        status, _, _ = client.hear()
        client.ask("/calm")
        after = client.hear()

    assert (status, after[0]) == (413, 200)
    assert [ask.request.path for ask in running.board.asked] == ["/calm"]
    assert "over 1048576 bytes" in running.bounds_reached[0]


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: p\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"h%d: %s\r\n" % (n, b"v" * 1000) for n in range(70)) + b"\r\n",
        b"not HTTP at all\r\n\r\n",
    ],
    ids=["target", "headers", "garbage"],
)
def test_a_head_that_is_too_large_or_no_http_is_refused_and_reported(running, request_bytes, caplog):
    with running.client() as client:
        client.send(request_bytes)
        status, _ = client.hear_head()

    assert status == 400
    assert "400" in running.bounds_reached[0]
    assert caplog.records == []
    assert running.board.asked == []


def test_more_connections_than_the_bound_are_dropped_and_reported(serving):
    running = serving(Bounds(connections_max=1))

    with running.client() as first:
        first.ask("/calm")
        first.hear()
        with running.client() as second:
            end = second.hear_end()
        first.ask("/calm")
        after = first.hear()

    assert (end, after[0]) == (b"", 200)
    assert "more than 1 connections" in running.bounds_reached[0]


def test_the_address_may_be_of_ipv6():
    async def look():
        edge = Edge(Nobody(), host="::1")
        await edge.start()
        await edge.stop()
        return edge.url, edge.port

    url, port = asyncio.run(look())

    assert url == f"http://[::1]:{port}"


def test_no_callback_keeps_the_loop_to_itself_while_two_hundred_clients_come_at_once(running):
    """Some rounds, since a busy machine may stop any callback; what the edge does itself shows in each."""

    async def watching(watch, is_on):
        if is_on:
            watch.__enter__()
        else:
            watch.__exit__(None, None, None)

    rounds = []
    while len(rounds) < 10 and [] not in rounds:
        watch = Watch()
        running.run(watching(watch, is_on=True))
        with ExitStack() as stack:
            clients = [stack.enter_context(running.client()) for _ in range(200)]
            for client in clients:
                client.ask("/calm")
            assert {client.hear()[0] for client in clients} == {200}
        running.run(watching(watch, is_on=False))
        rounds.append(watch.reports)

    assert [] in rounds
