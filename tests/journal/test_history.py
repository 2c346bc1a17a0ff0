"""A history answers from entries alone."""

import pytest

from badgateway.journal.history import History
from badgateway.journal.money import Money


def test_a_history_of_nothing_answers_everything():
    empty = History(())

    assert (empty.orders, empty.calls(), empty.operations(), empty.deliveries()) == ((), (), (), ())
    assert not empty.is_quiescent
    assert "broken off" in empty.why_not_quiescent


def test_money_is_added_up_to_a_position(story):
    paid = story().ledger("auth").ledger("capture", 3_000).ledger("refund", 1_000)
    seqs = [entry.seq for entry in paid.history.of_kind("ledger.entry")]

    assert paid.history.money("o1", seqs[0]) == Money(held=4_999)
    assert paid.history.money("o1", seqs[1]) == Money(captured=3_000, held=1_999)
    assert paid.history.money("o1").net == 2_000
    assert paid.history.money("o1", 0) == Money()


@pytest.mark.parametrize(
    ("kinds", "money"),
    [
        (("auth", "void"), Money(released=4_999)),
        (("auth", "expire"), Money(released=4_999)),
        (("capture", "capture_fail"), Money()),
        (("capture", "refund", "refund_fail"), Money(captured=4_999)),
        (("capture", "dispute_open"), Money(captured=4_999, disputed=4_999)),
        (("capture", "dispute_open", "dispute_won"), Money(captured=4_999)),
        (("capture", "dispute_open", "dispute_lost"), Money(captured=4_999, lost=4_999)),
        (("capture", "payout", "fee"), Money(captured=4_999)),
    ],
)
def test_every_movement_leaves_the_money_where_it_is(story, kinds, money):
    told = story()
    for kind in kinds:
        told.ledger(kind)

    assert told.history.money("o1") == money


def test_money_in_another_currency_is_not_added_up(story):
    assert story().ledger("capture", currency="USD").history.money("o1") == Money()


def test_what_is_agreed_follows_the_quotes(story):
    quoted = story()
    before = quoted.entries[-1].seq
    quoted.ask("pay", amount=3_000)
    quoted.ask("pay", amount=500, intent="o1/second")

    assert quoted.history.agreed("o1", before) == 4_999
    assert quoted.history.agreed("o1") == 3_500
    assert quoted.history.quotes("o1") == (4_999, 3_000, 500)


def test_what_is_due_is_what_the_merchant_asked_to_capture(story):
    partial = story()
    partial.ask("capture", amount=2_000)
    partial.ask("capture", amount=1_000)

    assert partial.history.due("o1") == 3_000


def test_a_call_is_joined_with_its_commit_answer_and_fault(story):
    (call,) = story().charge(status=None).history.calls("o1", "charge")

    assert (call.payment, call.is_applied, call.fault_phase) == ("pi_1", True, "after_commit")
    assert call.is_unsure
    assert not call.is_telling


def test_a_delivery_is_joined_with_its_event_and_answer(story):
    genuine, forged = story().tell().forge(status=400).history.deliveries("o1")

    assert (genuine.is_genuine, genuine.is_acknowledged) == (True, True)
    assert genuine.event.data["name"] == "payment.succeeded"
    assert (forged.is_genuine, forged.is_acknowledged, forged.event) == (False, False, None)


def test_the_final_view_is_the_one_of_the_final_read(story):
    assert story().view("PAID").history.final_view("o1") is None
    assert story().final("PAID").history.final_view("o1").data["status"] == "PAID"
    assert story().final(None, is_readable=False).history.final_view("o1") is None


def test_payments_of_an_order_are_listed_once(story):
    assert story().charge("k1", "pi_1").charge("k2", "pi_2").history.payments("o1") == ("pi_1", "pi_2")


def test_only_orders_that_were_asked_about_are_touched(story):
    two = story("o1", "o2")
    two.ask("pay", "o2")

    assert two.history.touched() == ("o2",)
