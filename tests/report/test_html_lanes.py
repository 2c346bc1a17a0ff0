"""A journal as bars and marks in five lanes."""

import pytest

from badgateway.journal.entry import Entry
from badgateway.report.html_bars import CALLS, LEDGER, SHOPPER, VIEW, WEBHOOKS
from badgateway.report.html_lanes import bands, bars


def journal(*happenings):
    return tuple(
        Entry(seq, 0, float(seq), kind, "o1", data) for seq, (kind, data) in enumerate(happenings, 1)
    )


def sole(found, lane):
    (bar,) = [bar for bar in found if bar.lane == lane]
    return bar


def signs(bar):
    return [mark.sign for mark in bar.marks]


def call(status, *, is_complete=True, is_applied=True, is_replayed=False):
    return journal(
        ("call.arrived", {"call": "c1", "op": "charge", "n": 1, "key": "K"}),
        ("call.committed", {"call": "c1", "is_applied": is_applied, "is_replayed": is_replayed}),
        ("call.answered", {"call": "c1", "status": status, "is_complete": is_complete, "is_true": True}),
    )


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (call(200), ["begin", "dot", "end"]),
        (call(200, is_applied=False), ["begin", "ring", "end"]),
        (call(200, is_replayed=True), ["begin", "replay", "end"]),
        (call(None, is_complete=False), ["begin", "dot", "cut"]),
        (call(200, is_complete=False), ["begin", "dot", "cut"]),
    ],
)
def test_a_call_shows_its_phases_and_where_its_answer_was_lost(entries, expected):
    assert signs(sole(bars(entries), CALLS)) == expected


def test_keys_are_named_in_the_order_of_their_first_use(overcharged):
    labels = [bar.label for bar in bars(overcharged.entries) if bar.lane == CALLS]

    assert labels == ["charge[1] 49.99 EUR key A", "charge[2] 49.99 EUR key B"]


def test_an_operation_that_never_returns_stays_open(overcharged):
    bar = sole(bars(overcharged.entries), SHOPPER)

    assert bar.is_open
    assert bar.label == "pay 49.99 EUR"


def test_money_that_goes_back_points_down():
    entries = journal(
        ("ledger.entry", {"kind": "capture", "amount_minor": 500, "currency": "JPY"}),
        ("ledger.entry", {"kind": "refund", "amount_minor": 200, "currency": "JPY"}),
    )

    found = [(bar.label, bar.marks[0].sign) for bar in bars(entries) if bar.lane == LEDGER]

    assert found == [("capture 500 JPY", "up"), ("refund 200 JPY", "down")]


def webhook(status, **sent):
    return journal(
        ("webhook.sent", {"delivery": "d1", "name": "payment.succeeded", "class": "genuine", **sent}),
        ("webhook.answered", {"delivery": "d1", "status": status}),
    )


@pytest.mark.parametrize(
    ("entries", "label"),
    [
        (webhook(200), "payment.succeeded"),
        (webhook(204, copy=2, **{"class": "duplicate"}), "payment.succeeded copy 2"),
        (webhook(500, attempt=3), "payment.succeeded try 3 → 500"),
        (webhook(400, **{"class": "forged"}), "payment.succeeded forged → 400"),
        (webhook(None), "payment.succeeded → no answer"),
    ],
)
def test_a_webhook_tells_copy_attempt_class_and_refusal(entries, label):
    assert sole(bars(entries), WEBHOOKS).label == label


def test_a_lost_webhook_is_a_cross():
    (bar,) = bars(journal(("webhook.lost", {"name": "payment.succeeded", "why": "lose"})))

    assert (bar.label, signs(bar)) == ("payment.succeeded lost", ["cross"])


def test_the_view_is_one_segment_for_as_long_as_it_shows_the_same():
    shown = (
        {"status": "PENDING"},
        {"status": "PENDING"},
        {"status": "PAID", "paid_minor": 5},
        {"is_readable": False},
    )
    found = bars(journal(*(("view.read", {"currency": "EUR", **data}) for data in shown)))

    assert [(bar.lane, bar.label, bar.first, bar.until) for bar in found] == [
        (VIEW, "PENDING", 1, 3),
        (VIEW, "PAID 0.05 EUR", 3, 4),
        (VIEW, "unreadable", 4, None),
    ]


def test_orders_are_named_where_there_are_several():
    orders = tuple(Entry(seq, 0, 0.0, "run.order", f"o{seq}", {"currency": "EUR"}) for seq in (1, 2))
    read = Entry(3, 0, 0.0, "view.read", "o2", {"status": "PAID"})

    (bar,) = bars((*orders, read))

    assert bar.label == "o2: PAID"


def test_a_fault_lasts_as_long_as_the_call_that_it_strikes(overcharged):
    (band,) = bands(overcharged.entries)

    assert (band.first, band.last, band.label) == (4, 8, "close after commit")


def test_a_process_is_down_until_it_is_started():
    killed, started = ("process.killed", {"pid": 1}), ("process.started", {"pid": 2})

    found = bands(journal(killed, started, killed))

    assert [(band.first, band.last) for band in found] == [(1, 2), (3, None)]
