"""Importing settlements: every line once, every payout in its terms, and what does not add up said."""

from __future__ import annotations

import time

import pytest

from badgateway.reference.settlement import newest_payouts

TERMS = ("captured", "refunded", "lost", "won", "fees", "adjusted")


def line(
    fake, gross, fee=0, category="charge", kind=None, source=None, payout="po_1", name=None, currency="eur"
):
    """Let the provider list one more line of a payout; a payment's line shows its charge."""
    shown = {"id": f"ch_{source}", "object": "charge", "payment_intent": source} if source else None
    row = {
        "id": name or f"txn_{len(fake.lines) + 1}",
        "object": "balance_transaction",
        "payout": payout,
        "amount": gross,
        "fee": fee,
        "net": gross - fee,
        "currency": currency,
        "type": kind or category,
        "reporting_category": category,
        "source": shown,
    }
    fake.lines.append(row)
    return row


def pay_out(fake, amount, payout="po_1", currency="eur"):
    fake.payouts.append(
        {
            "id": payout,
            "object": "payout",
            "amount": amount,
            "currency": currency,
            "created": int(time.time()) + 60 + len(fake.payouts),
            "status": "paid",
        }
    )


def ask(shop):
    return shop.client.post("/internal/settlement")


def terms(row):
    return {term: row[f"{term}_minor"] for term in TERMS if row[f"{term}_minor"]}


@pytest.fixture
def sold(fake, start):
    """Give a shop that has sold for 49.99."""
    shop = start()
    shop.opened()
    shop.pay()
    return shop


def test_a_payout_is_reported_in_its_terms(fake, sold):
    line(fake, 4_999, 100, source="pi_1")
    line(fake, -1_000, 0, "refund")
    line(fake, -500, 2_000, "dispute", "adjustment")
    line(fake, 500, 0, "dispute_reversal", "adjustment")
    line(fake, 200, 0, "refund_failure")
    line(fake, -50, 0, "risk_reserved_funds", "reserve_transaction")
    pay_out(fake, 2_049)

    (row,) = ask(sold).json["payouts"]

    assert (row["id"], row["currency"], row["paid_minor"]) == ("po_1", "EUR", 2_049)
    assert terms(row) == {
        "captured": 4_999,
        "refunded": 800,
        "lost": 500,
        "won": 500,
        "fees": 2_100,
        "adjusted": -50,
    }
    assert row["exceptions"] == []


def test_the_line_that_is_the_payout_itself_is_not_booked(fake, sold):
    line(fake, 4_999, 100, source="pi_1")
    line(fake, -4_899, 0, "payout")
    pay_out(fake, 4_899)

    (row,) = ask(sold).json["payouts"]

    assert (terms(row), row["exceptions"]) == ({"captured": 4_999, "fees": 100}, [])


def test_what_adds_up_is_read_once(fake, sold):
    line(fake, 4_999, 100, source="pi_1")
    pay_out(fake, 4_899)

    answers = [ask(sold).json for _ in range(3)]

    assert answers[0] == answers[1] == answers[2]
    assert fake.count("list_balance_transactions") == 1


def test_a_line_without_a_fee_has_kept_none(fake, sold):
    row = line(fake, 4_999, 0, source="pi_1")
    del row["fee"], row["net"]
    pay_out(fake, 4_999)

    (shown,) = ask(sold).json["payouts"]

    assert (terms(shown), shown["exceptions"]) == ({"captured": 4_999}, [])


@pytest.mark.parametrize("is_null", [True, False])
def test_a_fee_that_is_not_stated_is_what_the_net_lacks(fake, sold, is_null):
    row = line(fake, 4_999, 100, source="pi_1")
    row |= {"fee": None} if is_null else {}
    if not is_null:
        del row["fee"]
    pay_out(fake, 4_899)

    (shown,) = ask(sold).json["payouts"]

    assert (terms(shown), shown["exceptions"]) == ({"captured": 4_999, "fees": 100}, [])


def test_the_report_ends_with_what_was_imported_last(fake, sold):
    for n in range(3):
        line(fake, 100, payout=f"po_{n}", name=f"txn_{n}")
        pay_out(fake, 100, f"po_{n}")
    ask(sold)

    with sold.service.store.read() as tx:
        found = newest_payouts(tx, 2)

    assert [payout.provider_id for payout in found] == ["po_1", "po_2"]


def test_a_line_that_is_missing_is_said_and_its_payment_suspected(fake, sold):
    pay_out(fake, 4_899)

    (row,) = ask(sold).json["payouts"]

    assert row["exceptions"] == [
        {"reason": "unexplained", "amount_minor": 4_899, "source": None, "suspects": ["pi_1"]}
    ]


def test_a_line_that_comes_late_mends_the_payout(fake, sold):
    pay_out(fake, 4_899)
    before = ask(sold).json["payouts"][0]
    line(fake, 4_999, 100, source="pi_1")

    after = ask(sold).json["payouts"][0]

    assert [one["reason"] for one in before["exceptions"]] == ["unexplained"]
    assert (terms(after), after["exceptions"]) == ({"captured": 4_999, "fees": 100}, [])


def test_a_line_that_is_told_twice_is_booked_once(fake, sold):
    line(fake, 4_999, 100, source="pi_1")
    line(fake, 4_999, 100, source="pi_1", name="txn_again")
    pay_out(fake, 4_899)

    (row,) = ask(sold).json["payouts"]

    assert terms(row) == {"captured": 4_999, "fees": 100}
    assert [(one["reason"], one["amount_minor"], one["source"]) for one in row["exceptions"]] == [
        ("repeated", -4_899, "ch_pi_1")
    ]


def test_equal_lines_are_no_repetition_where_the_payout_adds_up(fake, sold):
    line(fake, 2_000, 50, source="pi_1")
    line(fake, 2_000, 50, source="pi_1")
    pay_out(fake, 3_900)

    (row,) = ask(sold).json["payouts"]

    assert (terms(row), row["exceptions"]) == ({"captured": 4_000, "fees": 100}, [])


def test_a_line_that_misstates_a_payment_is_held_against_the_books(fake, sold):
    line(fake, 4_500, 100, source="pi_1")
    pay_out(fake, 4_899)

    (row,) = ask(sold).json["payouts"]

    assert [(one["reason"], one["amount_minor"]) for one in row["exceptions"]] == [("misstated", 499)]


def test_payouts_of_several_currencies_stay_apart(fake, sold):
    line(fake, 4_999, 100, source="pi_1")
    line(fake, 4_200, 63, payout="po_2", currency="jpy")
    pay_out(fake, 4_899)
    pay_out(fake, 4_137, "po_2", "jpy")

    rows = ask(sold).json["payouts"]

    assert [(row["currency"], row["captured_minor"], row["exceptions"]) for row in rows] == [
        ("EUR", 4_999, []),
        ("JPY", 4_200, []),
    ]


@pytest.mark.parametrize("operation", ["list_payouts", "list_balance_transactions"])
def test_a_provider_that_does_not_answer_loses_nothing(fake, sold, operation):
    line(fake, 4_999, 100, source="pi_1")
    pay_out(fake, 4_899)
    fake.script[operation] = ["close_before"]

    failed, mended = ask(sold), ask(sold)

    assert (failed.status_code, failed.json["error"]["code"]) == (503, "provider")
    assert [terms(row) for row in mended.json["payouts"]] == [{"captured": 4_999, "fees": 100}]


def test_payouts_come_from_the_gateways_reports_where_the_provider_lists_none(start, gateway):
    shop = start(SETTLEMENT_URL=gateway.url)
    gateway.row("pi_1", 4_999, 100).row("pi_1", -1_000, kind="refund", source="re_1")
    gateway.row("", -500, kind="adjustment").row("pi_1", 1_000, kind="refund", source="re_1")
    gateway.hand_out(4_399)

    (row,) = ask(shop).json["payouts"]

    assert terms(row) == {"captured": 4_999, "fees": 100, "adjusted": -500}
    assert (row["id"], row["paid_minor"], row["exceptions"]) == ("po_1", 4_399, [])
