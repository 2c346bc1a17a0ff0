"""The fault `reply`, on the wire."""

from __future__ import annotations

import pytest

from badgateway.faults.base import AFTER_COMMIT, PHASES
from badgateway.faults.reply import Reply


@pytest.mark.parametrize("phase", PHASES)
def test_a_status_alone_brings_the_providers_own_page(running, phase):
    running.strike("/struck", phase, Reply(values={"status": 429, "retry_after": 1_500}))

    with running.client() as client:
        client.ask("/struck")
        status, headers, body = client.hear()
        client.ask("/calm")
        after = client.hear()

    assert (status, headers["retry-after"]) == (429, "2")
    assert body == b'{"error": {"type": "api_error", "status": 429}}'
    assert after[0] == 200
    ask = running.finished()
    assert ask.ends == [(True, len(body))]
    assert ask.is_committed is (phase == AFTER_COMMIT)


def test_a_body_and_headers_of_the_scenario_are_sent_as_written(running):
    words = {"status": 502, "body": "<h1>Bad Gateway</h1>", "headers": {"Server": "cdn", "X-Try": 7}}
    running.strike("/struck", AFTER_COMMIT, Reply(values=words))

    with running.client() as client:
        client.ask("/struck")
        status, headers, body = client.hear()

    assert (status, body) == (502, b"<h1>Bad Gateway</h1>")
    assert headers == {
        "content-type": "text/html; charset=utf-8",
        "server": "cdn",
        "x-try": "7",
        "content-length": str(len(body)),
    }


@pytest.mark.parametrize(
    ("body", "content_type"),
    [('{"a": 1}', "application/json"), (" [1]", "application/json"), ("busy", "text/plain; charset=utf-8")],
)
def test_the_content_type_follows_the_body(body, content_type):
    effect = Reply(values={"body": body}).strike(Reply().strike(None).reply)

    assert effect.reply.header("content-type") == content_type


@pytest.mark.parametrize(("values", "is_stored"), [({}, False), ({"stored": True}, True)])
def test_an_answer_is_kept_under_the_key_where_the_scenario_says_so(values, is_stored):
    assert Reply(values=values).strike(None).is_stored is is_stored


def test_the_scenario_may_name_the_content_type():
    words = {"body": "{}", "headers": {"Content-Type": "application/problem+json"}}

    effect = Reply(values=words).strike(None)

    assert effect.reply.headers == (("content-type", "application/problem+json"),)


@pytest.mark.parametrize(
    "headers", [{"a b": "1"}, {"": "1"}, {"x": "1\r\nset-cookie: a"}, {"x:y": "1"}, {"x": "é"}]
)
def test_headers_that_would_break_the_message_are_objected_to(headers):
    assert "header" in (Reply(values={"headers": headers}).objection() or "").lower()


def test_fit_headers_are_not_objected_to():
    assert Reply(values={"headers": {"X-Request-Id": "abc 1"}}).objection() is None


def test_reply_leaves_the_neighbour_alone(running):
    running.strike("/struck", AFTER_COMMIT, Reply(values={"status": 503}))

    with running.client() as neighbour, running.client() as client:
        client.ask("/struck")
        struck = client.hear()
        neighbour.ask("/calm")
        calm = neighbour.hear()

    assert (struck[0], calm[0]) == (503, 200)
