"""Pact files of three versions come out in one form."""

import pytest

from badgateway.contract.pact import HTTP, IS_OLD, MESSAGE, interactions_of

ASKED = {"method": "GET", "path": "/a"}


def only(pact):
    (one,) = interactions_of(pact)
    return one


def test_version_4_stays_as_it_is():
    one = {"type": HTTP, "description": "x", "request": ASKED, "response": {"status": 204}}

    assert only({"interactions": [one], "metadata": {"pactSpecification": {"version": "4.0"}}}) == one


def test_version_2_has_its_query_and_its_state_as_text():
    one = {
        "description": "x",
        "providerState": "a is there",
        "request": {**ASKED, "query": "b=1&b=2&c=%20"},
        "response": {
            "status": 200,
            "headers": {"Content-Type": "application/hal+json; q=1"},
            "body": {"d": 1},
        },
    }

    made = only({"interactions": [one], "metadata": {"pact-specification": {"version": "2.0.0"}}})

    assert made["request"]["query"] == {"b": ["1", "2"], "c": [" "]}
    assert made["providerStates"] == [{"name": "a is there"}]
    assert made["response"]["body"]["content"] == {"d": 1}
    assert made["response"]["body"]["contentType"] == "application/hal+json; q=1"
    assert made[IS_OLD]


def test_without_a_version_it_is_told_by_the_type_of_its_interactions():
    plain = {"description": "x", "request": ASKED, "response": {}}

    assert IS_OLD in only({"interactions": [plain]})
    assert IS_OLD not in only({"interactions": [{**plain, "type": HTTP}]})


def test_messages_of_version_3_are_messages():
    message = {"description": "x", "contents": [1], "metadata": {"contentType": "application/json"}}

    made = only({"messages": [message], "metadata": {"pactSpecification": {"version": "3.0.0"}}})

    assert (made["type"], made["contents"]["content"]) == (MESSAGE, [1])


@pytest.mark.parametrize(
    "one",
    [
        {"description": "x", "request": ASKED},
        {"description": "x", "type": HTTP, "request": {"path": "/a"}, "response": {}},
        {"description": "x", "type": HTTP, "request": ASKED, "response": {"status": "fine"}},
        {"description": "x", "type": MESSAGE},
    ],
)
def test_what_lacks_a_part_is_no_interaction(one):
    with pytest.raises((KeyError, ValueError)):
        only({"interactions": [one], "metadata": {"pactSpecification": {"version": "4.0"}}})
