"""M10 over small journals."""

import pytest

LAW = "disputes_agree"


def closed(story, how, amount=4_999):
    """Pay, and let a dispute be opened and closed, each told by webhook."""
    begun = story().paid()
    begun.ledger("dispute_open", amount).tell("dispute.opened")
    return begun.ledger(f"dispute_{how}", amount).tell(f"dispute.{how}")


@pytest.mark.parametrize("status", ["DISPUTED", "REFUNDED", "PARTIALLY_REFUNDED", "CANCELLED", "REVIEW"])
def test_it_holds_when_a_lost_dispute_is_not_called_paid(story, status):
    assert closed(story, "lost").final(status).state(LAW) == "held"


def test_it_breaks_when_a_lost_dispute_is_plainly_paid(story):
    bad = closed(story, "lost").final("PAID", 4_999, 0)

    (breach,) = bad.judge(LAW).breaches

    assert breach.sentence == "o1 is plainly PAID, though a dispute took money back"
    assert [bad.entries[seq - 1].kind for seq in breach.proof] == ["ledger.entry", "view.read"]


def test_it_breaks_when_a_lost_dispute_is_refunded_on_top(story):
    (breach,) = closed(story, "lost").refund(4_999).final("REFUNDED").judge(LAW).breaches

    assert breach.sentence == "o1 was refunded beyond what was left after its dispute was lost"
    assert breach.is_always


def test_it_breaks_when_a_won_dispute_is_never_over(story):
    (breach,) = closed(story, "won").final("DISPUTED").judge(LAW).breaches

    assert breach.sentence == "o1 is still DISPUTED, though every dispute was won"


def test_it_holds_when_a_won_dispute_is_over(story):
    assert closed(story, "won").final("PAID", 4_999, 0).state(LAW) == "held"


@pytest.mark.parametrize("amounts", [(0, 0), (4_999, 4_999)])
def test_paid_may_stand_beside_amounts_that_leave_the_lost_money_out(story, amounts):
    assert closed(story, "lost").final("PAID", *amounts).state(LAW) == "held"


def test_a_refund_while_the_dispute_is_open_may_be_meant_to_end_it(story):
    deliberate = story().paid().ledger("dispute_open").refund(4_999).ledger("dispute_lost")

    assert deliberate.tell("dispute.lost").final("REFUNDED").state(LAW) == "held"


def test_a_refund_that_nobody_could_know_to_be_one_too_many_is_forgiven(story):
    late = story().paid().ledger("dispute_open").ledger("dispute_lost")
    event = late.event("dispute.lost")

    assert late.refund(4_999).send(event).final("REFUNDED").state(LAW) == "held"


def test_what_a_partial_dispute_left_may_be_refunded(story):
    assert closed(story, "lost", 2_000).refund(2_999).final("REFUNDED").state(LAW) == "held"


def test_an_open_dispute_may_be_shown_in_any_way(story):
    assert story().paid().ledger("dispute_open").final("PAID").state(LAW) == "vacuous"


def test_a_won_dispute_beside_a_lost_one_is_not_over(story):
    both = closed(story, "won", 1_000).ledger("dispute_open", 2_000).ledger("dispute_lost", 2_000)

    assert both.final("DISPUTED").state(LAW) == "held"


def test_it_is_vacuous_without_a_dispute(good_day):
    assert good_day.state(LAW) == "vacuous"


def test_it_is_unknown_without_rest_or_view(story):
    restless = closed(story, "lost").rest(is_quiescent=False)
    blind = closed(story, "lost").final(None, is_readable=False)

    assert {restless.state(LAW), blind.state(LAW)} == {"unknown"}
