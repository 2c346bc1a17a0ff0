"""The fault `trickle`, on the wire."""

from __future__ import annotations

from time import perf_counter

import pytest

from badgateway.faults.base import AFTER_COMMIT, PHASES
from badgateway.faults.trickle import Trickle


@pytest.mark.parametrize("phase", PHASES)
def test_trickle_sends_the_head_at_once_and_the_body_in_pieces(running, phase):
    running.strike("/struck", phase, Trickle(values={"bytes_per_s": 400}))

    with running.client() as client:
        began = perf_counter()
        client.ask("/struck")
        status, headers = client.hear_head()
        pieces = [client.buffer]
        while sum(map(len, pieces)) < int(headers["content-length"]):
            pieces.append(client.socket.recv(65536))
        took_s = perf_counter() - began
        client.buffer = b""
        client.ask("/calm")
        after = client.hear()

    body = b"".join(pieces)
    assert pieces[0] == b""
    assert len(pieces) > 2
    assert took_s >= len(body) / 400 - 0.001
    assert status == (200 if phase == AFTER_COMMIT else 500)
    assert running.finished().ends == [(True, len(body))]
    assert after[0] == 200


def test_a_client_that_leaves_in_the_middle_ends_it(running):
    running.strike("/struck", AFTER_COMMIT, Trickle(values={"bytes_per_s": 20}))
    with running.client() as client:
        client.ask("/struck")
        client.hear_head()
        client.socket.recv(1)

    is_complete, bytes_sent = running.finished().ends[0]
    assert not is_complete
    assert 0 < bytes_sent < len(running.board.reply.body)


def test_trickle_leaves_the_neighbour_alone(running):
    running.strike("/struck", AFTER_COMMIT, Trickle(values={"bytes_per_s": 1}))

    with running.client() as neighbour, running.client() as client:
        client.ask("/struck")
        client.hear_head()
        neighbour.ask("/calm")
        answer = neighbour.hear()

    assert answer[0] == 200
