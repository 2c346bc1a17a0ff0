"""Refunds as decided, made and kept."""

from badgateway.journal.refunding import decided, is_returned_otherwise, made, standing, undecided


def refunded(story):
    """Pay, and refund 10.00 with a clear answer and 5.00 with none."""
    begun = story().paid()
    begun.ask("refund", amount=1_000)
    begun.refund(1_000)
    begun.ask("refund", amount=500, outcome="info")
    return begun


def test_a_refund_from_the_dashboard_is_not_the_integrations(story):
    both = refunded(story).ledger("refund", 2_000, refund="re_9", cause="act:refund_from_dashboard")

    assert [one.data["amount_minor"] for one in made(both.history, "o1")] == [1_000]
    assert is_returned_otherwise(both.history, "o1")


def test_a_refund_in_another_currency_is_left_to_the_law_of_amounts(story):
    begun = refunded(story)
    call = begun.arrive("refund", "r9", payment="pi_1", amount=700)
    begun.commit(call).ledger("refund", 700, refund="re_9", cause=call[0], currency="USD")

    assert len(made(begun.history, "o1")) == 1


def test_a_refund_that_failed_stands_until_it_failed(story):
    failed = refunded(story).ledger("refund_fail", 1_000, refund="re_1")
    last = failed.entries[-1].seq

    assert len(standing(failed.history, "o1", last - 1)) == 1
    assert standing(failed.history, "o1", last) == ()


def test_money_that_was_taken_twice_goes_back_without_a_decision(story):
    twice = story()
    twice.ask("pay")
    twice.charge("k1", "pi_1").charge("k2", "pi_2").refund(4_999)

    assert len(undecided(twice.history, "o1")) == 1


def test_decisions_are_told_apart_by_their_answers(story):
    begun = refunded(story)
    begun.invoke("refund", amount=70)

    assert decided(begun.history, "o1", "ok") == (1_000,)
    assert decided(begun.history, "o1", "ok", "info") == (1_000, 500, 70)
