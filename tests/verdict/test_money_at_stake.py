"""Who loses how much."""

import pytest

from badgateway.verdict.money_at_stake import stake


def losses(told):
    lost = stake(told.history, "o1")
    return lost.customer_loss_minor, lost.merchant_loss_minor


def test_nobody_loses_on_a_good_day(story):
    assert losses(story().paid().final("PAID", 4_999, 0)) == (0, 0)


def test_the_customer_loses_what_was_taken_without_goods(story):
    taken = story()
    taken.ask("pay", outcome="info")

    assert losses(taken.charge().final("FAILED")) == (4_999, 0)


def test_the_customer_loses_the_second_charge(story):
    twice = story().paid().charge("k2", "pi_2")

    assert losses(twice.final("PAID", 4_999, 0)) == (4_999, 0)


def test_the_merchant_loses_what_was_handed_over_unpaid(story):
    free = story()
    free.ask("pay")

    assert losses(free.final("PAID", 4_999)) == (0, 4_999)


def test_the_merchant_loses_what_was_handed_over_twice(story):
    assert losses(story().paid().final("PAID", 4_999, effects={"fulfil": 2})) == (0, 4_999)


@pytest.mark.parametrize(("returned", "loss"), [(1_000, 0), (2_000, 1_000)])
def test_the_merchant_loses_what_was_given_back_beyond_the_decision(story, returned, loss):
    refunded = story().paid()
    refunded.ask("refund", amount=1_000, intent="o1/refund1")

    assert losses(refunded.refund(returned).final("PARTIALLY_REFUNDED")) == (0, loss)


def test_nobody_loses_by_a_refund_that_the_provider_made_by_itself(story):
    assert losses(story().paid().ledger("refund", 1_000).final("PARTIALLY_REFUNDED")) == (0, 0)


def test_nobody_loses_where_nothing_was_seen_and_nothing_moved(story):
    assert losses(story()) == (0, 0)
