"""How a request travels: what reaches the exchange, what comes back, and who is told what."""

from __future__ import annotations

import pytest

from badgateway.ground.message import Reply


def test_the_request_reaches_the_exchange_as_it_was_sent(running):
    with running.client() as client:
        client.ask(
            "/v1/a%2Fb?x=1&y=%20", b"amount=1", "POST", "Idempotency-Key: k1", "X-Twice: a", "X-Twice: b"
        )
        client.hear()

    request = running.finished().request
    assert (request.method, request.path, request.query) == ("POST", "/v1/a%2Fb", "x=1&y=%20")
    assert request.body == b"amount=1"
    assert request.header("idempotency-key") == "k1"
    assert [value for name, value in request.headers if name == "x-twice"] == ["a", "b"]


def test_the_answer_reaches_the_client_as_the_provider_gave_it(running):
    running.board.reply = Reply(201, b"\x00\xffraw", (("request-id", "req_1"), ("content-type", "x/y")))

    with running.client() as client:
        client.ask("/calm")
        status, headers, body = client.hear()

    assert (status, body) == (201, b"\x00\xffraw")
    assert headers == {"request-id": "req_1", "content-type": "x/y", "content-length": "5"}


def test_an_answer_without_content_type_gets_none(running):
    running.board.reply = Reply(200, b"bare", ())

    with running.client() as client:
        client.ask("/calm")
        _, headers, _ = client.hear()

    assert headers == {"content-length": "4"}


def test_the_exchange_is_told_that_its_answer_was_complete(running):
    with running.client() as client:
        client.ask("/calm")
        _, _, body = client.hear()

    assert running.finished().ends == [(True, len(body))]


def test_one_connection_serves_many_requests(running):
    with running.client() as client:
        for number in range(20):
            client.ask(f"/calm/{number}")
            assert client.hear()[0] == 200

    assert [ask.request.path for ask in running.board.asked] == [f"/calm/{number}" for number in range(20)]


def test_pipelined_requests_are_answered_in_their_order(running):
    with running.client() as client:
        for number in range(40):
            client.ask(f"/calm/{number}")
        answers = [client.hear()[0] for _ in range(40)]

    assert answers == [200] * 40
    assert [ask.request.path for ask in running.board.asked] == [f"/calm/{number}" for number in range(40)]


def test_a_body_that_comes_in_pieces_and_in_chunks_is_put_together(running):
    with running.client() as client:
        client.send(b"POST /calm HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        client.send(b"2\r\nde\r\n")
        client.send(b"0\r\n\r\n")
        client.hear()

    assert running.finished().request.body == b"abcde"


def test_a_client_that_expects_100_continue_gets_it(running):
    with running.client() as client:
        client.send(b"POST /calm HTTP/1.1\r\nHost: p\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        interim, _ = client.hear_head()
        client.send(b"ok")
        status, _, _ = client.hear()

    assert (interim, status) == (100, 200)


def test_http_1_0_is_answered_and_closed(running):
    with running.client() as client:
        client.send(b"GET /calm HTTP/1.0\r\n\r\n")
        assert client.hear()[0] == 200
        assert client.hear_end() == b""


def test_head_and_no_content_carry_no_body(running):
    with running.client() as client:
        client.ask("/calm", method="HEAD")
        head_status, _ = client.hear_head()
        running.board.reply = Reply(204, b"", ())
        client.ask("/calm")
        empty_status, headers = client.hear_head()
        running.board.reply = Reply(200, b"next")
        client.ask("/calm")
        next_answer = client.hear()

    assert (head_status, empty_status) == (200, 204)
    assert "content-length" not in headers
    assert next_answer[2] == b"next"


@pytest.mark.parametrize("place", ["arrive", "admit", "commit", "release"])
def test_our_own_bug_is_answered_as_such_and_reported(running, place):
    with running.client() as client:
        client.ask(f"/break/{place}")
        status, headers, body = client.hear()
        client.ask("/calm")
        after = client.hear()

    assert (status, headers["x-badgateway-bug"]) == (500, "KeyError")
    assert b"bug of the simulator" in body
    assert isinstance(running.bugs[0].__cause__, KeyError)
    assert f"POST /break/{place}" in str(running.bugs[0])
    assert after[0] == 200


def test_a_bug_after_the_answer_is_reported_too(running):
    with running.client() as client:
        client.ask("/break/finished")
        status, _, _ = client.hear()
        client.ask("/calm")
        client.hear()

    assert status == 200
    assert isinstance(running.bugs[0].__cause__, KeyError)


def test_an_answer_that_cannot_be_written_ends_the_connection_and_is_reported(running):
    running.board.reply = Reply(200, b"{}", (("x", "a\0b"),))

    with running.client() as client:
        client.ask("/calm")
        end = client.hear_end()

    assert end == b""
    assert isinstance(running.bugs[0].__cause__, RuntimeError)
    assert running.finished().ends == [(False, 0)]


@pytest.mark.parametrize("place", ["admit", "release"])
def test_an_exchange_that_is_cancelled_from_inside_ends_its_connection(running, place):
    with running.client() as client:
        client.ask(f"/cancel/{place}")
        end = client.hear_end()

    assert end == b""
    assert running.finished().ends == [(False, 0)]
    assert running.bugs == []


def test_a_client_that_leaves_while_parked_ends_its_exchange_and_commits_nothing(running):
    running.board.gate("/parked", "in")
    with running.client() as client:
        client.ask("/parked")
        running.board.parked.get(timeout=10)

    ask = running.finished()
    assert ask.ends == [(False, 0)]
    assert not ask.is_committed


def test_a_client_that_leaves_at_the_second_gate_has_its_commit(running):
    running.board.gate("/parked", "out")
    with running.client() as client:
        client.ask("/parked")
        running.board.parked.get(timeout=10)

    ask = running.finished()
    assert ask.ends == [(False, 0)]
    assert ask.is_committed


def test_a_call_that_was_admitted_in_the_moment_of_leaving_still_commits(running):
    gate = running.board.gate("/parked", "in")

    def leave_and_open():
        (connection,) = running.edge._state.connections
        connection.transport.abort()
        running.loop.call_soon(gate.set)

    with running.client() as client:
        client.ask("/parked")
        running.board.parked.get(timeout=10)
        running.inside(leave_and_open)

        ask = running.finished()

    assert ask.is_committed
    assert ask.ends == [(False, 0)]


def test_a_departure_is_seen_behind_a_pipelined_request(running):
    running.board.gate("/parked", "in")
    with running.client() as client:
        client.ask("/parked")
        client.ask("/calm")
        running.board.parked.get(timeout=10)

    assert running.finished().ends == [(False, 0)]
    assert len(running.board.asked) == 1


def test_a_client_that_leaves_in_mid_request_reaches_no_exchange(running):
    with running.client() as client:
        client.send(b"POST /half HTTP/1.1\r\nHost: p\r\nContent-Length: 10\r\n\r\nabc")
    with running.client() as client:
        client.ask("/calm")
        client.hear()

    assert [ask.request.path for ask in running.board.asked] == ["/calm"]
