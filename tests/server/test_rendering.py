"""Flask renders within the context of a request, and an answer comes out as it can leave."""

import weakref

import pytest
from flask import Flask, current_app, has_app_context, has_request_context, request

from badgateway.ground.message import Reply, Request
from badgateway.server.rendering import ProviderApp


class Exchange:
    """An exchange whose commit looks at where it is called."""

    def __init__(self, reply):
        self.reply, self.seen = reply, None

    def commit(self):
        self.seen = current_app.name, request.environ["badgateway.exchange"]
        return self.reply


def rendered(reply, method="POST"):
    return ProviderApp().answer(Request(method, "/v1/a"), Exchange(reply))


def test_a_commit_is_made_within_flasks_context():
    app, exchange = ProviderApp(), Exchange(Reply(200, b"{}"))

    app.answer(Request("POST", "/v1/a"), exchange)

    assert exchange.seen == ("badgateway.server", exchange)
    assert not has_request_context()


def test_each_commit_sees_its_own_exchange_and_none_is_kept():
    app, first, second = ProviderApp(), Exchange(Reply(200, b"{}")), Exchange(Reply(200, b"[]"))

    answers = [app.answer(Request("POST", "/v1/a"), one) for one in (first, second)]

    assert [first.seen[1], second.seen[1]] == [first, second]
    assert [one.body for one in answers] == [b"{}", b"[]"]
    assert not has_app_context()
    second.seen = None  # which leads back to it
    second_kept = weakref.ref(second)
    del second
    assert second_kept() is None


def test_another_application_of_flask_keeps_its_own_context():
    theirs, exchange = Flask("theirs"), Exchange(Reply(200, b"{}"))

    with theirs.test_request_context("/theirs"):
        ProviderApp().answer(Request("POST", "/v1/a"), exchange)

        assert current_app.name == "theirs"
        assert request.path == "/theirs"
    assert exchange.seen == ("badgateway.server", exchange)


def test_what_a_commit_raises_comes_through_and_leaves_no_context():
    exchange = Exchange(Reply(200))
    exchange.commit = lambda: 1 / 0

    with pytest.raises(ZeroDivisionError):
        ProviderApp().answer(Request("POST", "/v1/a"), exchange)

    assert not has_request_context()


def test_an_answer_that_can_leave_as_it_is_stays_what_it_is():
    reply = Reply(201, b"{}", (("content-type", "a/b"), ("x-odd", "a\tb")))

    assert rendered(reply) is reply


def test_names_come_out_in_lower_case_and_the_length_is_left_to_the_edge():
    reply = Reply(200, b"{}", (("X-Upper", "A"), ("Content-Length", "7"), ("1", "digits")))

    assert rendered(reply) == Reply(200, b"{}", (("x-upper", "A"), ("1", "digits")))


@pytest.mark.parametrize(("status", "method"), [(204, "POST"), (304, "GET"), (200, "HEAD")])
def test_there_is_no_body_where_none_may_be(status, method):
    assert rendered(Reply(status, b"{}"), method) == Reply(status, b"")


@pytest.mark.parametrize("value", ["a\nb", "a\rb"])
def test_a_header_of_several_lines_is_our_bug(value):
    with pytest.raises(AssertionError, match="a header is one line"):
        rendered(Reply(200, b"{}", (("x", value),)))
