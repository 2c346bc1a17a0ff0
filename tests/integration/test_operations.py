"""What an answer says about its operation: sure where it is sure, and open where nobody can know."""

import json
from dataclasses import replace

import pytest

from badgateway.integration.client import Incoming
from badgateway.integration.model import Description, RequestTemplate, ViewPaths
from badgateway.integration.operations import fill_request, read_outcome
from badgateway.integration.template import TemplateError

WORDS = (
    "UNPAID",
    "PENDING",
    "AUTHORIZED",
    "PAID",
    "PARTIALLY_REFUNDED",
    "REFUNDED",
    "FAILED",
    "CANCELLED",
    "REVIEW",
)
SHOP = Description(
    name="shop",
    base_url="http://127.0.0.1:1",
    start=None,
    operations={
        name: RequestTemplate("POST", f"/{name}")
        for name in ("open", "pay", "return", "capture", "refund", "cancel", "sync", "view")
    },
    view=ViewPaths("$.status"),
    statuses={word.lower(): word for word in WORDS},
)


def outcome(operation, status, body=None, shop=SHOP):
    """Read one answer."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
    return read_outcome(shop, operation, Incoming(status, 1.0, raw))


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        *((code, "ok") for code in (200, 201, 204)),
        *((code, "fail") for code in (400, 401, 402, 404, 410, 422)),
        *((code, "info") for code in (408, 409, 425, 429, 500, 502, 503, 504, 302, 303, 101)),
    ],
)
def test_an_http_status_alone_gives_the_outcome(status, expected):
    result = outcome("pay", status)

    assert (result.outcome, result.http_status) == (expected, status)
    assert (result.problem is None) == (expected != "info")


@pytest.mark.parametrize(
    ("operation", "word", "expected"),
    [
        ("pay", "paid", "ok"),
        ("pay", "authorized", "ok"),
        ("pay", "failed", "fail"),
        ("pay", "cancelled", "fail"),
        ("pay", "pending", "info"),
        ("pay", "unpaid", "info"),
        ("pay", "review", "info"),
        ("return", "paid", "ok"),
        ("capture", "paid", "ok"),
        ("capture", "authorized", "info"),
        ("refund", "partially_refunded", "ok"),
        ("refund", "refunded", "ok"),
        ("refund", "paid", "info"),
        ("refund", "failed", "fail"),
        ("cancel", "cancelled", "ok"),
        ("cancel", "refunded", "ok"),
        ("cancel", "paid", "info"),
        ("open", "unpaid", "ok"),
        ("sync", "pending", "ok"),
    ],
)
def test_the_order_status_in_a_2xx_says_what_became_of_the_operation(operation, word, expected):
    result = outcome(operation, 200, {"status": word})

    assert (result.outcome, result.status) == (expected, word.upper())


def test_a_declared_outcome_comes_before_everything_else():
    pay = replace(SHOP.operations["pay"], outcomes={"ok": (303,), "info": (200,), "fail": (500,)})
    shop = replace(SHOP, operations={**SHOP.operations, "pay": pay})

    assert outcome("pay", 303, shop=shop).outcome == "ok"
    assert outcome("pay", 200, {"status": "paid"}, shop).outcome == "info"
    assert outcome("pay", 500, shop=shop).outcome == "fail"


def test_a_status_word_that_nobody_mapped_leaves_a_payment_open_and_a_refund_alone():
    paid, refunded = (
        outcome("pay", 200, {"status": "purple"}),
        outcome("refund", 200, {"status": "succeeded"}),
    )

    assert (paid.outcome, paid.problem) == ("info", "status word 'purple' is not mapped in statuses: add it")
    assert (refunded.outcome, refunded.problem) == ("ok", None)


def test_garbage_leaves_the_outcome_open_only_where_something_must_be_captured_from_it():
    capturing = replace(SHOP.operations["pay"], capture={"id": "$.id"})
    shop = replace(SHOP, operations={**SHOP.operations, "pay": capturing})

    assert outcome("pay", 200, b"<html>thank you</html>").outcome == "ok"
    result = outcome("pay", 200, b"<html>thank you</html>", shop)
    assert (result.outcome, result.problem) == (
        "info",
        "garbage: the answer is not JSON: it starts with '<html>thank you</html>'",
    )


def test_an_answer_without_anything_to_capture_is_no_success():
    capturing = replace(SHOP.operations["open"], capture={"id": "$.id", "page": "$.page"})
    shop = replace(SHOP, operations={**SHOP.operations, "open": capturing})

    wrong, enough = (
        outcome("open", 200, ["not", "an", "order"], shop),
        outcome("open", 200, {"id": "x"}, shop),
    )

    assert (wrong.outcome, wrong.problem) == (
        "info",
        "garbage: the answer holds nothing of capture: id, page",
    )
    assert (enough.outcome, enough.problem) == ("ok", None)


def test_captures_take_plain_values_only():
    pay = replace(
        SHOP.operations["pay"], capture={"id": "$.id", "n": "$.n", "deep": "$.deep", "none": "$.none"}
    )
    shop = replace(SHOP, operations={**SHOP.operations, "pay": pay})

    result = outcome("pay", 200, {"id": "x", "n": 7, "deep": {"a": 1}}, shop)

    assert result.captured == {"id": "x", "n": 7}


def test_a_failure_before_the_answer_is_open():
    result = read_outcome(SHOP, "pay", Incoming(None, 2.0, problem="connection refused"))

    assert (result.outcome, result.problem, result.http_status) == ("info", "connection refused", None)


def test_a_json_request_is_filled_with_types():
    request = RequestTemplate(
        "POST", "/o/{order.reference}", {"X-Ref": "{order.reference}"}, {"a": "{amount_minor}"}
    )

    outgoing = fill_request(request, "http://127.0.0.1:1", {"order.reference": "a/b", "amount_minor": 5})

    assert outgoing.url == "http://127.0.0.1:1/o/a%2Fb"
    assert outgoing.headers == {"X-Ref": "a/b", "Content-Type": "application/json"}
    assert outgoing.body == b'{"a": 5}'


def test_a_form_is_encoded():
    request = RequestTemplate(
        "POST", "/o", {"content-type": "application/x-www-form-urlencoded"}, form={"a b": "{x}"}
    )

    outgoing = fill_request(request, "http://127.0.0.1:1", {"x": "1&2=é"})

    assert outgoing.body == b"a%20b=1%262%3D%C3%A9"
    assert outgoing.headers == {"content-type": "application/x-www-form-urlencoded"}


def test_a_name_without_a_value_sends_nothing():
    with pytest.raises(TemplateError):
        fill_request(RequestTemplate("GET", "/o/{captured.id}"), "http://127.0.0.1:1", {})
