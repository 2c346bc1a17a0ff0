"""Reading a settlement report: rows, terms with their signs, exceptions counted, problems in plain words."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from badgateway.integration.client import Incoming
from badgateway.integration.model import SettlementPaths
from badgateway.integration.settlement import ROWS_MAX, TERMS, read_report

PATHS = SettlementPaths(
    payouts="$.rows[*]",
    paid="$.paid",
    currency="$.currency",
    id="$.id",
    exceptions="$.wrong[*]",
    **{term: f"$.{term}" for term in TERMS},
)
ROW = {"id": "po_1", "currency": "eur", "paid": 4_399, "captured": 4_999, "refunded": 0, "lost": 0, "won": 0}
WHOLE = {**ROW, "fees": 100, "adjusted": -500, "wrong": []}


def read(*rows, paths=PATHS, **answer):
    body = json.dumps({"rows": list(rows)}).encode()
    return read_report(paths, Incoming(**{"status": 200, "elapsed_ms": 1.0, "body": body, **answer}))


def test_a_row_is_read_in_minor_units():
    found = read(WHOLE)

    assert found.is_readable
    assert found.shows == (*TERMS, "exceptions")
    assert found.rows == (
        {
            "payout": "po_1",
            "currency": "EUR",
            "paid": 4_399,
            "captured": 4_999,
            "refunded": 0,
            "lost": 0,
            "won": 0,
            "fees": 100,
            "adjusted": -500,
            "exceptions": 0,
        },
    )


def test_decimal_amounts_keep_their_sign():
    few = SettlementPaths(
        payouts="$.rows[*]",
        paid="$.paid",
        currency="$.currency",
        id="$.id",
        adjusted="$.adj",
        amounts="decimal",
    )

    found = read({"id": 7, "currency": "KWD", "paid": "12.500", "adj": "-0.25"}, paths=few)

    assert found.rows == ({"payout": "7", "currency": "KWD", "paid": 12_500, "adjusted": -250},)
    assert found.shows == ("adjusted",)


def test_exceptions_are_counted_and_nothing_is_none():
    found = read({**WHOLE, "wrong": [{"reason": "missing"}, None, {}]})

    assert found.rows[0]["exceptions"] == 2


def test_an_empty_report_is_one():
    assert read() == replace(read(WHOLE), rows=())


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("text", "settlement.payouts ($.rows[*]) finds what is no object"),
        ({**WHOLE, "currency": 978}, "settlement.currency ($.currency) finds no currency code"),
        ({**WHOLE, "currency": "EUX"}, "unknown currency 'EUX'"),
        ({**WHOLE, "fees": 1.5}, "settlement.fees ($.fees) finds 1.5, but amounts are declared minor"),
        ({**WHOLE, "fees": True}, "settlement.fees ($.fees) finds no amount of money"),
        ({**WHOLE, "fees": "much"}, "settlement.fees ($.fees) finds no amount of money"),
        (ROW, "$.fees finds 0 values in a row of the settlement, and one is due"),
    ],
)
def test_what_is_no_report_is_told(row, problem):
    found = read(row)

    assert not found.is_readable
    assert (found.problem or "").startswith(problem)


def test_too_many_rows_are_not_read():
    assert read(*[WHOLE] * (ROWS_MAX + 1)).problem == f"more than {ROWS_MAX} payouts"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"status": 503}, "HTTP 503"),
        ({"status": None, "problem": "connection refused"}, "connection refused"),
        ({"body": b"7"}, "the answer is no JSON object"),
        ({"body": b"<html>"}, "the answer is not JSON: it starts with '<html>'"),
    ],
)
def test_an_answer_that_is_none_is_told(answer, problem):
    assert read(WHOLE, **answer).problem == problem
