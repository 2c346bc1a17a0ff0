"""What the integration had been told of, and from when on."""

import pytest

from badgateway.journal.received import paid_back_twice, received


def lapsed(story):
    """Let a hold lapse by itself."""
    begun = story()
    begun.ask("pay")
    return begun.ledger("auth").ledger("expire", cause="act:expire")


def told(story):
    entry = next(one for one in story.entries if one.kind == "ledger.entry" and one.data["kind"] == "expire")
    return received(story.history, entry)


def test_nobody_told_it(story):
    assert told(lapsed(story)) is None


def test_it_accepted_a_webhook(story):
    begun = lapsed(story).tell("payment.expired")

    assert told(begun) == begun.entries[-1].seq


@pytest.mark.parametrize(("kind", "status"), [("genuine", 500), ("forged", 200)])
def test_a_webhook_that_it_refused_or_that_nobody_sent_told_nothing(story, kind, status):
    assert told(lapsed(story).tell("payment.expired", kind=kind, status=status)) is None


def test_it_looked_the_payment_up_later(story):
    begun = lapsed(story).look_up()

    assert told(begun) == begun.entries[-1].seq


def test_a_look_up_before_it_or_without_an_answer_told_nothing(story):
    early = story()
    early.ledger("auth").look_up().ledger("expire", cause="act:expire")

    assert told(early) is None
    assert told(lapsed(story).look_up(status=None)) is None


def test_a_look_that_was_behind_the_ledger_told_nothing(story):
    assert told(lapsed(story).look_up(old=True)) is None


def test_the_answer_to_the_call_that_did_it_tells_it(story):
    begun = story()
    begun.ledger("auth")
    call = begun.arrive("void", "v1", payment="pi_1")
    begun.commit(call).ledger("expire", cause=call[0]).answer(call)

    assert told(begun) == begun.entries[-1].seq


def test_a_refund_on_top_of_a_lost_dispute_counts_once_the_loss_is_known(story):
    begun = story().paid().ledger("dispute_open").ledger("dispute_lost")
    unknowing = begun.refund(1_000, "r1", refund="re_1").history
    knowing = begun.tell("dispute.lost").refund(1_000, "r2", refund="re_2").history

    assert list(paid_back_twice(unknowing, "o1")) == []
    assert [refund.data["refund"] for _, refund in paid_back_twice(knowing, "o1")] == ["re_2"]
