"""The view is read exactly, or said to be unreadable and why; nothing is guessed."""

import json
from dataclasses import replace

import pytest

from badgateway.integration.client import Incoming
from badgateway.integration.model import (
    Description,
    RequestTemplate,
    Transition,
    TransitionPaths,
    ViewPaths,
)
from badgateway.integration.view import read_answer

SHOP = Description(
    name="shop",
    base_url="http://127.0.0.1:1",
    start=None,
    operations={"view": RequestTemplate("GET", "/orders/1")},
    view=ViewPaths(
        status="$.status",
        paid="$.paid",
        refunded="$.refunded",
        currency="$.currency",
        refs="$.payments[*].id",
        effects={"mails": "$.mails", "shipped": "$.shipments[*]"},
    ),
    statuses={"paid": "PAID", "true": "PAID"},
)
ORDER = {
    "status": "paid",
    "paid": 4999,
    "refunded": 0,
    "currency": "eur",
    "payments": [{"id": "pi_1"}, {"id": 7}, {"id": "pi_1"}],
    "mails": 2,
    "shipments": [{}, {}],
}


def read(body, http=200, order_currency="EUR", **paths):
    """Read one answer, with some paths described otherwise."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    shop = replace(SHOP, view=replace(SHOP.view, **paths))
    return read_answer(shop, Incoming(http, 1.0, raw), order_currency)


def test_everything_that_is_shown_is_read():
    view = read(ORDER)

    assert (view.status, view.raw, view.is_readable, view.problem) == ("PAID", "paid", True, None)
    assert (view.paid_minor, view.refunded_minor, view.currency) == (4999, 0, "EUR")
    assert view.refs == ("pi_1", "7")
    assert view.effects == {"mails": 2, "shipped": 2}


def test_what_is_not_described_is_none():
    view = read(ORDER, paid=None, refunded=None, currency=None, refs=None, effects={})

    assert (view.paid_minor, view.refunded_minor, view.currency, view.refs, view.effects) == (
        None,
        None,
        None,
        None,
        {},
    )


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        (49.99, "EUR", 4999),
        ("49.99", "EUR", 4999),
        ("49.9900", "EUR", 4999),
        (50, "EUR", 5000),
        (0.1, "EUR", 10),
        ("500", "JPY", 500),
        (500.0, "JPY", 500),
        ("1.234", "KWD", 1234),
        (1.1, "EUR", 110),
        ("9999999999.99", "EUR", 999999999999),
    ],
)
def test_decimal_amounts_become_exact_minor_units(amount, currency, minor):
    view = read({**ORDER, "paid": amount, "refunded": None, "currency": currency}, amounts="decimal")

    assert (view.paid_minor, view.refunded_minor) == (minor, None)


def test_the_currency_of_the_order_is_used_where_the_view_shows_none():
    view = read({**ORDER, "paid": "500"}, order_currency="JPY", amounts="decimal")
    other = read_answer(
        replace(SHOP, view=replace(SHOP.view, currency=None, amounts="decimal")),
        Incoming(200, 1.0, json.dumps({**ORDER, "paid": "500", "refunded": "0"}).encode()),
        "JPY",
    )

    assert (view.currency, view.paid_minor) == ("EUR", 50000)
    assert (other.currency, other.paid_minor) == (None, 500)


@pytest.mark.parametrize(
    ("change", "paths", "problem"),
    [
        ({"status": "purple"}, {}, "status word 'purple' is not mapped in statuses: add it"),
        ({"status": None}, {}, "view.status ($.status) finds nothing in the answer"),
        ({"status": ["paid"]}, {}, "view.status ($.status) finds a list, not a word"),
        ({}, {"status": "$.payments[*].id"}, "view.status ($.payments[*].id) finds 3 values, and one is due"),
        (
            {"paid": 49.99},
            {},
            "view.paid ($.paid) finds 49.99, but amounts are declared minor: whole numbers",
        ),
        ({"paid": "abc"}, {}, "view.paid ($.paid) finds 'abc', not an amount"),
        ({"paid": True}, {}, "view.paid ($.paid) finds true, not an amount"),
        ({"paid": -1}, {}, "view.paid ($.paid) finds -1, which is no amount of money"),
        ({"paid": "NaN"}, {}, "view.paid ($.paid) finds 'NaN', not an amount"),
        ({"paid": "1e400"}, {}, "view.paid ($.paid) finds 1e400, which is no amount of money"),
        (
            {"paid": "49.995"},
            {"amounts": "decimal"},
            "view.paid ($.paid): 49.995 has 3 decimals, EUR has 2 decimals",
        ),
        ({"currency": "EUX"}, {}, "unknown currency 'EUX'; did you mean 'EUR'?"),
        ({"currency": 978}, {}, "view.currency ($.currency) finds 978, not a currency code"),
        ({"mails": "two"}, {}, "view.effects.mails ($.mails) finds 'two', neither a number nor a list"),
        ({"payments": [{"id": {}}]}, {}, "view.refs ($.payments[*].id) finds what is no id"),
    ],
)
def test_what_cannot_be_read_makes_the_view_unreadable_with_the_reason(change, paths, problem):
    view = read({**ORDER, **change}, **paths)

    assert (view.is_readable, view.status, view.problem) == (False, None, problem)


@pytest.mark.parametrize(
    ("body", "status", "problem"),
    [
        (b"<html>", 200, "the answer is not JSON: it starts with '<html>'"),
        (b'{"status": "pa', 200, 'the answer is not JSON: it starts with \'{"status": "pa\''),
        (b"", 200, "the answer is empty"),
        (b'"paid"', 200, "the answer is no JSON object"),
        (b"\xff\xfe{", 200, "the answer is not JSON"),
        (b"[" * 100_000, 200, "the answer is nested too deeply"),
        (b'{"paid": NaN}', 200, "the answer is not JSON"),
        (b"{}", 404, "HTTP 404"),
        (b"{}", 500, "HTTP 500"),
        (b"{}", 302, "HTTP 302"),
    ],
)
def test_garbage_and_errors_are_unreadable(body, status, problem):
    view = read(body, status)

    assert not view.is_readable
    assert view.problem is not None
    assert view.problem.startswith(problem)


def test_a_status_that_is_true_or_a_number_can_be_mapped():
    assert read({**ORDER, "status": True}).status == "PAID"


def test_effects_that_the_answer_does_not_hold_are_not_shown():
    view = read({"status": "paid"}, effects={"mails": "$.mails", "shipped": "$.shipments[*]", "null": "$.x"})

    assert view.effects == {"shipped": 0}


def test_refs_may_be_one_id_or_a_list():
    assert read({**ORDER, "payment": "pi_9"}, refs="$.payment").refs == ("pi_9",)
    assert read({**ORDER, "payment": ["a", "b"]}, refs="$.payment").refs == ("a", "b")
    assert read({**ORDER, "payment": None}, refs="$.payment").refs == ()


def test_transition_records_are_read_with_what_they_lack():
    records = [
        {"id": "c1", "who": "shopper", "to": "pending"},
        {"id": None, "who": "  ", "to": "paid"},
        {"who": 7},
        "no record",
    ]
    paths = TransitionPaths("$.changes[*]", "$.id", "$.who", "$.to")
    shop = replace(SHOP, transitions=paths)

    view = read_answer(shop, Incoming(200, 1.0, json.dumps(ORDER | {"changes": records}).encode()), "EUR")

    assert view.transitions == (
        Transition("c1", "shopper", "pending"),
        Transition("", "", "paid"),
        Transition("", "7", None),
    )


def test_without_a_description_no_transition_is_read():
    assert read(ORDER | {"changes": [{}]}).transitions is None
