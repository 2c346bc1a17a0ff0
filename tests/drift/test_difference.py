"""Two answers side by side."""

import pytest

from badgateway.drift.difference import compare, count_values, grouped, operation_of
from badgateway.drift.recording import Answered, Asked, Body

ASKED = Asked("GET", "/v1/charges/ch_3Qx81LkdIwHu7ixA")


def rows(sandbox, simulator, statuses=(200, 200)):
    answers = [
        Answered(status, (), Body("json", value, "application/json"))
        for status, value in zip(statuses, (sandbox, simulator), strict=True)
    ]
    return [(one.kind, one.path, one.sandbox, one.simulator) for one in compare(1, ASKED, *answers)]


@pytest.mark.parametrize(
    ("sandbox", "simulator", "expected"),
    [
        ({"a": 1}, {"a": 2}, []),
        ({"a": 1, "b": {"c": 1}}, {"a": 1}, [("missing", "$.b", "object", "-")]),
        ({"a": 1}, {"a": 1, "b": []}, [("extra", "$.b", "-", "array")]),
        ({"a": 1}, {"a": "1"}, [("type", "$.a", "integer", "string")]),
        ({"a": {"b": 1}}, {"a": None}, [("type", "$.a", "object", "null")]),
        ({"a": [{"b": 1}, {"c": 1}]}, {"a": [{"b": 1, "c": 2}]}, []),
        ({"a": [{"b": 1}]}, {"a": [{}]}, [("missing", "$.a[*].b", "integer", "-")]),
        ({"a": [1, None]}, {"a": [1]}, [("type", "$.a[*]", "integer or null", "integer")]),
        ({"a": []}, {"a": [{"b": 1}]}, []),
        ([{"a": 1}], {"a": 1}, [("type", "$", "array", "object")]),
    ],
)
def test_shapes_are_compared_path_by_path(sandbox, simulator, expected):
    assert rows(sandbox, simulator) == expected


def test_another_status_is_told_with_its_codes_and_nothing_else():
    error = {"error": {"code": "resource_missing", "type": "invalid_request_error"}}

    assert rows({"id": "x"}, error, (200, 404)) == [
        ("status", "", "200", "404 resource_missing, invalid_request_error")
    ]


def test_codes_count_in_refusals_and_outcomes_everywhere():
    assert rows({"error": {"code": "a"}}, {"error": {"code": "b"}}, (402, 402)) == [
        ("code", "$.error.code", "a", "b")
    ]
    assert rows({"code": "a"}, {"code": "b"}) == []
    assert rows({"resultCode": "Refused"}, {"resultCode": "Authorised"}) == [
        ("code", "$.resultCode", "Refused", "Authorised")
    ]


def test_a_difference_of_several_calls_is_told_once():
    answers = [Answered(200, (), Body("json", value, "application/json")) for value in ({"a": 1}, {})]

    (one,) = grouped([*compare(1, ASKED, *answers), *compare(4, ASKED, *answers)])

    assert one.exchanges == (1, 4)


def test_values_are_counted_by_path():
    assert count_values({"a": 1, "b": [1, 2], "c": 1}, {"a": 2, "b": [1, 3], "d": 1}) == 2


def test_an_operation_is_named_without_what_identifies():
    assert operation_of(ASKED) == "GET /v1/charges/{id}"
