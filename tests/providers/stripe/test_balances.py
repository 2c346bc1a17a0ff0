"""Settlement through the official SDK: balance transactions, payouts and what links them to charges."""

import pytest
import stripe

from badgateway.payments.commands import CloseDispute, OpenDispute
from badgateway.payments.settlement import FLAWS


@pytest.fixture
def settled(account, paid, client):
    """Give a payout over a payment, a partial refund and a lost dispute, and what they were."""
    first, second = paid(amount=10_000), paid(amount=5_000)
    refund = client.refunds.create({"payment_intent": first.id, "amount": 1_000})
    account.act(OpenDispute("du_1test", second.id))
    account.act(CloseDispute("du_1test", is_won=False))
    account.book.settlement.settle("act:settle")
    account.book.settlement.adjust(-500, "EUR", "reserve", "act:adjust")
    return first, second, refund


def pay_out(account):
    (payout,) = account.book.settlement.pay_out("act:payout")
    account.told.clear()
    account.told.extend(account.dialect.payout_events(payout, account))
    return payout


def test_the_lines_of_a_payout_add_up_to_it(account, client, settled):
    made = pay_out(account)

    payout = client.payouts.retrieve(made.id)
    lines = list(client.balance_transactions.list({"payout": payout.id, "limit": 2}).auto_paging_iter())
    others = [line for line in lines if line.type != "payout"]

    assert (payout.object, payout.status, payout.amount) == ("payout", "paid", made.amount_minor)
    assert sum(line.net for line in others) == payout.amount
    assert sum(line.net for line in lines) == 0
    assert all(line.net == line.amount - line.fee for line in lines)
    assert [(line.type, line.amount, line.fee) for line in reversed(others)] == [
        ("charge", 10_000, 175),
        ("charge", 5_000, 100),
        ("refund", -1_000, 0),
        ("adjustment", -5_000, 2_000),
        ("reserve_transaction", -500, 0),
    ]


def test_a_charge_leads_to_its_line_and_back(account, client, settled):
    first, _, refund = settled

    charge = client.charges.retrieve(first.latest_charge, {"expand": ["balance_transaction"]})
    line = client.balance_transactions.retrieve(charge.balance_transaction.id, {"expand": ["source"]})
    returned = client.balance_transactions.retrieve(client.refunds.retrieve(refund.id).balance_transaction)

    assert (line.source.id, line.status, line.reporting_category) == (charge.id, "pending", "charge")
    assert [detail.amount for detail in line.fee_details] == [line.fee]
    assert (returned.source, returned.amount) == (refund.id, -1_000)


def test_before_it_is_settled_a_charge_has_no_line(client, paid):
    charge = client.charges.retrieve(paid().latest_charge)

    assert charge.balance_transaction is None
    assert client.balance_transactions.list().data == []


def test_lists_can_be_narrowed(account, client, settled):
    _, second, refund = settled
    pay_out(account)

    of_type = client.balance_transactions.list({"type": "charge"}).data
    of_refund = client.balance_transactions.list({"source": refund.id}).data
    of_yen = client.balance_transactions.list({"currency": "jpy"}).data
    none_pending = client.payouts.list({"status": "pending"}).data

    assert {line.source for line in of_type} >= {second.latest_charge}
    assert len(of_type) == 2
    assert [line.amount for line in of_refund] == [-1_000]
    assert (of_yen, none_pending) == ([], [])


def test_payouts_are_listed_by_arrival(account, client, settled):
    made = pay_out(account)
    moment = made.created_ms // 1000

    found = client.payouts.list({"arrival_date": {"gte": moment}}).data
    later = client.payouts.list({"arrival_date": {"gt": moment}}).data

    assert [payout.id for payout in found] == [made.id]
    assert later == []


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_flawed_list_does_not_add_up(account, client, paid, flaw):
    paid(amount=10_000)
    account.book.settlement.settle("act:settle", flaw)
    made = pay_out(account)

    lines = client.balance_transactions.list({"payout": made.id, "limit": 100}).data

    assert sum(line.net for line in lines if line.type != "payout") != made.amount_minor
    assert all(line.net == line.amount - line.fee for line in lines)


def test_what_the_list_leaves_out_is_found_by_its_charge(account, client, paid):
    intent = paid(amount=10_000)
    account.book.settlement.settle("act:settle", "missing")

    line = client.balance_transactions.retrieve(
        client.charges.retrieve(intent.latest_charge).balance_transaction
    )

    assert (line.amount, line.fee) == (10_000, 175)


def test_a_conversion_shows_its_rate(account, client, paid):
    account.book.settlement.settles_in = "EUR"
    intent = paid(amount=10_000, currency="usd")
    account.book.settlement.settle("act:settle")

    line = client.balance_transactions.retrieve(
        client.charges.retrieve(intent.latest_charge).balance_transaction
    )

    assert (line.currency, line.amount, line.exchange_rate) == ("eur", 9_091, 0.909091)


def test_a_payout_is_told_with_its_snapshot(account, settled):
    made = pay_out(account)

    assert account.types() == ["payout.created", "payout.paid", "payout.reconciliation_completed"]
    assert made.facts


@pytest.mark.parametrize("ask", ["balance_transactions", "payouts"])
def test_what_does_not_exist_is_missing(client, ask):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        getattr(client, ask).retrieve("nope_1")

    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")


def test_the_lines_of_an_unknown_payout_are_refused(client):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.balance_transactions.list({"payout": "po_nope"})

    assert refused.value.param == "payout"
