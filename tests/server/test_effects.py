"""Effects on the transport that no single fault of the catalogue asks for, and their bounds."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from badgateway.faults.base import AFTER_COMMIT, Effect, Fault
from badgateway.faults.hold import Hold
from badgateway.ground.message import Reply
from badgateway.server.bounds import Bounds


class Given(Fault):
    """Strike with an effect that the test wrote."""

    def strike(self, _reply, _page=None):
        return self.values["effect"]


def test_a_whole_answer_may_be_followed_by_fin(running):
    running.strike("/struck", AFTER_COMMIT, Given({"effect": Effect(Reply(200, b"whole"), ending="fin")}))

    with running.client() as client:
        client.ask("/struck")
        answer = client.hear()
        end = client.hear_end()

    assert (answer[0], answer[2], end) == (200, b"whole", b"")
    assert running.finished().ends == [(True, 5)]


def test_an_answer_may_be_followed_by_rst(running):
    running.strike("/struck", AFTER_COMMIT, Given({"effect": Effect(Reply(200, b"whole"), ending="rst")}))

    with running.client() as client:
        client.ask("/struck")
        with pytest.raises(ConnectionResetError):
            client.hear_end()

    assert client.buffer.endswith(b"whole")
    assert running.finished().ends == [(False, 5)]


def test_a_cut_body_may_trickle(running):
    effect = Effect(Reply(200, b"0123456789"), bytes_per_s=100, body_bytes_max=4, ending="fin")
    running.strike("/struck", AFTER_COMMIT, Given({"effect": effect}))

    with running.client() as client:
        client.ask("/struck")
        _, headers = client.hear_head()
        heard = client.hear_end()

    assert (headers["content-length"], heard) == ("10", b"0123")
    assert running.finished().ends == [(False, 4)]


def test_the_length_is_the_edges_own_word(running):
    running.board.reply = Reply(200, b"abc", (("Content-Length", "99"), ("Transfer-Encoding", "chunked")))

    with running.client() as client:
        client.ask("/calm")
        _, headers, body = client.hear()

    assert (headers, body) == ({"content-length": "3"}, b"abc")


def test_two_hundred_calls_are_held_while_others_are_answered(running):
    running.strike("/struck", AFTER_COMMIT, Hold())

    with running.client() as neighbour, ExitStack() as stack:
        held = [stack.enter_context(running.client()) for _ in range(200)]
        for client in held:
            client.ask("/struck")
        for _ in held:
            running.board.committed.get(timeout=10)
        answers = []
        for _ in range(50):
            neighbour.ask("/calm")
            answers.append(neighbour.hear()[0])
        is_anyone_over = any(ask.ends for ask in running.board.asked if ask.request.path == "/struck")

    assert answers == [200] * 50
    assert not is_anyone_over
    ends = [running.finished() for _ in range(250)]
    assert sum(ask.ends == [(False, 0)] for ask in ends) == 200


def test_a_hold_over_the_bound_is_refused_and_reported(serving):
    running = serving(Bounds(held_max=1))
    running.strike("/struck", AFTER_COMMIT, Hold())

    with running.client() as first, running.client() as second:
        first.ask("/struck")
        running.board.committed.get(timeout=10)
        second.ask("/struck")
        status, _, body = second.hear()

    assert (status, b"held already" in body) == (503, True)
    assert "1 calls are held already" in running.bounds_reached[0]


def test_a_place_on_hold_is_free_again_when_the_client_has_left(serving):
    running = serving(Bounds(held_max=1))
    running.strike("/struck", AFTER_COMMIT, Hold())

    for _ in range(3):
        with running.client() as client:
            client.ask("/struck")
            running.board.committed.get(timeout=10)
        running.finished()

    assert running.bounds_reached == []
