"""Provider states of an integration are stories: with parameters, and with a look at how they ended."""

import pytest

from badgateway.errors import InputError
from badgateway.integration.contracts import State
from badgateway.journal.entry import Entry
from badgateway.verify.stories import missed, plan_of, references

STATES = {
    "an order is paid": State(
        ({"pay": {"order": "o1", "amount": "$amount"}},),
        {"currency": "$currency"},
        {"order": {"o1": "PAID"}},
        {"currency": "EUR"},
    ),
    "an order is cancelled": State(({"pay": {"order": "o1"}}, {"cancel": "o1"})),
    "a word is wrong": State(({"pya": {"order": "o1"}},)),
}


def plan(text, **params):
    return plan_of(STATES, text, params, "stripe")


def entry(kind, order="o1", **data):
    return Entry(1, 0, 0.0, kind, order, data)


VIEW = {"status": "PAID", "is_readable": True}


def test_parameters_and_defaults_make_the_story():
    made = plan("an order is paid", amount="1500", currency="JPY")

    assert [(step.do, step.order, step.amount_minor) for step in made.steps] == [("pay", "o1", 1500)]
    assert (made.orders[0].currency, plan("an order is paid", amount="1").orders[0].currency) == (
        "JPY",
        "EUR",
    )


@pytest.mark.parametrize(
    ("text", "params", "why"),
    [
        ("an order is payed", {}, "is unknown; did you mean 'an order is paid'"),
        ("an order is paid", {}, "needs the parameter 'amount'"),
        (
            "an order is paid",
            {"amount": "1", "amuont": "2"},
            "has no parameter 'amuont'; did you mean 'amount'",
        ),
        ("an order is paid", {"amount": "some"}, "is no story that can be played"),
        ("a word is wrong", {}, "did you mean 'pay'"),
    ],
)
def test_what_makes_no_story_is_refused_with_our_reason(text, params, why):
    with pytest.raises(InputError, match=why):
        plan(text, **params)


def test_orders_are_given_by_their_names_and_the_first_one_as_order():
    opened = [entry("run.order", "o1", reference="abc"), entry("run.order", "o2", reference="def")]

    assert references(opened) == {"order": "abc", "o1": "abc", "o2": "def"}


@pytest.mark.parametrize(
    ("text", "entries", "why"),
    [
        ("an order is paid", [entry("view.read", **VIEW)], None),
        (
            "an order is paid",
            [entry("view.read", **{**VIEW, "status": "PENDING"}), entry("view.read", **VIEW)],
            None,
        ),
        ("an order is paid", [], "the integration shows nothing of o1"),
        (
            "an order is paid",
            [entry("view.read", status="FAILED", is_readable=True)],
            "o1 should be PAID, and the integration shows FAILED",
        ),
        (
            "an order is paid",
            [entry("run.skipped", do="pay", why="no such operation"), entry("view.read", **VIEW)],
            "pay could not be done: no such operation",
        ),
        (
            "an order is cancelled",
            [entry("op.returned", do="cancel", outcome="fail", http_status=409, problem=None)],
            "cancel came to fail \\(HTTP status 409\\)",
        ),
        (
            "an order is cancelled",
            [entry("op.returned", do="cancel", outcome="ok", http_status=200, problem=None)],
            None,
        ),
    ],
)
def test_a_story_that_did_not_lead_to_its_state_says_why(text, entries, why):
    params = {"amount": "1"} if text == "an order is paid" else {}

    told = missed(plan(text, **params), entries)

    assert told == (why.replace("\\", "") if why else None)
