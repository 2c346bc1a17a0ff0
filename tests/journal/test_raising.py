"""By how much holds were raised, and up to which totals they may be asked to be."""

import pytest

from badgateway.journal.asked import totals


def wished(story, *amounts):
    """Give a story with a hold of 49.99 and so many wishes on top of it."""
    begun = story()
    begun.ask("pay")
    begun.ledger("auth")
    for n, amount in enumerate(amounts, 1):
        begun.ask("increment", amount=amount, intent=f"o1/increment{n}")
    return begun


def now(begun):
    return totals(begun.history, "o1", begun.entries[-1].seq)


def test_each_wish_may_be_asked_for_and_all_of_them_in_one(story):
    assert now(wished(story, 1_000, 2_000)) == {4_999, 5_999, 6_999, 7_999}


def test_what_was_granted_is_agreed_and_what_was_declined_still_waits(story):
    begun = wished(story, 1_000, 2_000)
    call = begun.arrive("increment", "i1", payment="pi_1", amount=6_999)
    begun.commit(call).ledger("auth", 2_000, cause=call[0])

    assert now(begun) == {6_999, 7_999}
    assert begun.history.raised("o1") == (2_000,)


def test_two_wishes_may_be_granted_in_one(story):
    begun = wished(story, 1_000, 2_000)
    call = begun.arrive("increment", "i1", payment="pi_1", amount=7_999)
    begun.commit(call).ledger("auth", 3_000, cause=call[0])

    assert begun.history.raised("o1") == (1_000, 2_000)
    assert begun.history.agreed("o1") == 7_999


@pytest.mark.parametrize(("held", "raised"), [(6_999, (2_000,)), (4_999, ())])
def test_another_payment_grants_a_wish_if_it_holds_all_of_it(story, held, raised):
    begun = wished(story, 2_000)
    begun.ledger("auth", held, payment="pi_2")

    assert begun.history.raised("o1") == raised
