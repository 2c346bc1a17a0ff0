"""What an integration did where a provider misbehaved."""

import pytest

from badgateway.journal.entry import Entry
from badgateway.report.resilience import (
    FAILED,
    HANG,
    LOOK_UP,
    NEW_KEY,
    OTHER_ROUTE,
    PENDING,
    SAME_KEY,
    TOOK_ANSWER,
    WENT_ON,
    Site,
    reactions,
)


def played(like, *afterwards, answer=None):
    """Give a case whose first charge is struck; `afterwards` are kinds and fields of what follows."""
    call = {"call": "c1", "op": "charge", "n": 1, "key": "A", "provider": "stripe"}
    fault = {"fault": 1, "at": "o1.charge[1]", "phase": "after_commit", "do": "close", "call": "c1"}
    told = answer or {"status": None, "is_complete": False, "is_true": None}
    happenings = (
        ("op.invoked", {"op": "p1", "do": "pay"}),
        ("call.arrived", call),
        ("fault.fired", fault),
        ("call.answered", {"call": "c1", **told}),
        *afterwards,
    )
    entries = (Entry(seq, 0, 0.0, kind, "o1", data) for seq, (kind, data) in enumerate(happenings, 1))
    return like.with_entries(tuple(entries))


def again(**fields):
    known = {"call": "c2", "op": "charge", "n": 2, "key": "A", "provider": "stripe"}
    return "call.arrived", {**known, **fields}


def returned(**fields):
    return "op.returned", {"op": "p1", "do": "pay", "outcome": "ok", **fields}


@pytest.mark.parametrize(
    ("reaction", "afterwards"),
    [
        (SAME_KEY, [again()]),
        (NEW_KEY, [again(key="B")]),
        (NEW_KEY, [again(key=None)]),
        (LOOK_UP, [again(op="fetch", key=None)]),
        (LOOK_UP, [again(op="list", key=None), again(key="B")]),
        (OTHER_ROUTE, [again(provider="adyen", key="B")]),
        (FAILED, [returned(outcome="fail", status="FAILED")]),
        (PENDING, [returned(outcome="info", status="PENDING"), again(op="fetch", key=None)]),
        (WENT_ON, [returned(status="PAID")]),
        (HANG, [returned(outcome="info", problem="timed out after 2000 ms")]),
        (HANG, []),
    ],
)
def test_the_first_thing_that_it_did_is_its_reaction(held, reaction, afterwards):
    (row,) = reactions([played(held, *afterwards)])

    assert row.site == Site("charge", "after_commit", "close")
    assert row.cases == {reaction: (0,)}


def test_an_answer_that_came_whole_and_true_was_taken(held):
    case = played(held, returned(), answer={"status": 402, "is_complete": True, "is_true": True})

    (row,) = reactions([case])

    assert row.cases == {TOOK_ANSWER: (0,)}


def test_a_request_that_names_its_payment_needs_no_key_to_be_the_same(held):
    first = played(held)
    capture = {"op": "capture", "key": None, "payment": "pi_1"}
    entries = list(first.entries)
    entries[1] = Entry(2, 0, 0.0, "call.arrived", "o1", {**entries[1].data, **capture})
    entries.append(Entry(5, 0, 0.0, "call.arrived", "o1", {**entries[1].data, "call": "c2"}))

    (row,) = reactions([first.with_entries(tuple(entries))])

    assert row.cases == {SAME_KEY: (0,)}


def test_what_happens_to_another_order_is_no_reaction(held):
    case = played(held, again(), returned(outcome="info"))
    others = tuple(
        Entry(one.seq, 0, 0.0, one.kind, "o2" if one.seq == 5 else "o1", one.data) for one in case.entries
    )

    (row,) = reactions([case.with_entries(others)])

    assert row.cases == {PENDING: (0,)}


def test_cases_are_counted_at_their_site(held):
    rows = reactions([played(held, again()), held, played(held, again(key="B")), played(held, again())])

    assert [row.cases for row in rows] == [{SAME_KEY: (0, 3), NEW_KEY: (2,)}]


def test_a_run_without_faults_has_no_matrix(held):
    assert reactions([held]) == ()
