"""Reading the exceptions of a reconciliation: their kinds in our words, and problems in plain words."""

from __future__ import annotations

import json

import pytest

from badgateway.integration.client import Incoming
from badgateway.integration.model import ReconciliationPaths
from badgateway.integration.reconciliation import read_exceptions

PATHS = ReconciliationPaths(
    exceptions="$.wrong[*]",
    kind="$.what",
    kinds={"GONE": "missing", "TWICE": "repeated"},
    reference="$['order','payment']",
    amount="$.sum",
    currency="$.currency",
    owner="$.who",
    amounts="decimal",
)
ROW = {"what": "GONE", "order": "r1", "payment": None, "sum": "-12.50", "currency": "eur", "who": "bank"}


def read(*rows, **answer):
    body = json.dumps({"wrong": list(rows)}).encode()
    return read_exceptions(PATHS, Incoming(**{"status": 200, "elapsed_ms": 1.0, "body": body, **answer}))


def test_an_exception_is_read_in_our_words():
    found = read(ROW)

    assert found.is_readable
    assert found.shows == ("missing", "repeated", "owner")
    assert [dict(row) for row in found.rows] == [
        {
            "kind": "missing",
            "raw": "GONE",
            "references": ["r1"],
            "amount_minor": -1_250,
            "currency": "EUR",
            "owner": "bank",
        }
    ]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"what": "LOST"}, "reconciliation.kinds does not say what 'LOST' is"),
        ({"currency": 7}, "reconciliation.currency ($.currency) finds no currency code"),
        ({"sum": "much"}, "reconciliation.amount ($.sum) finds no amount of money"),
    ],
)
def test_what_cannot_be_read_is_said(row, problem):
    found = read(ROW | row)

    assert (found.is_readable, found.problem) == (False, problem)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [({"status": 503}, "HTTP 503"), ({"problem": "connection refused"}, "connection refused")],
)
def test_no_answer_is_no_reconciliation(answer, problem):
    assert read(**answer).problem == problem
