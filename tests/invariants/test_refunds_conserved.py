"""M7 over small journals."""

import pytest

LAW = "refunds_conserved"


def refunded(story, amount=1_000, **answer):
    """Pay, decide to refund, and refund."""
    begun = story().paid()
    begun.ask("refund", amount=amount, **answer)
    return begun.refund(amount)


def test_it_holds_when_what_was_asked_for_goes_back(story):
    assert refunded(story).final("PARTIALLY_REFUNDED", 4_999, 1_000).state(LAW) == "held"


def test_it_breaks_when_more_goes_back_than_was_taken(story):
    bad = refunded(story, 3_000)
    bad.ask("refund", amount=3_000)
    bad.refund(3_000, "r2", refund="re_2")

    breach = bad.judge(LAW).breaches[0]

    assert breach.sentence == "60.00 EUR of o1 went back, 49.99 EUR had been captured"
    assert [bad.entries[seq - 1].kind for seq in breach.proof] == ["ledger.entry", "ledger.entry"]
    assert (breach.is_always, breach.began) == (True, breach.proof[-1])


def test_it_breaks_when_one_decision_is_carried_out_twice(story):
    bad = refunded(story).refund(1_000, "r2", refund="re_2").final("PARTIALLY_REFUNDED", 4_999, 2_000)

    (breach,) = bad.judge(LAW).breaches

    assert breach.sentence == (
        "2 refunds of o1, 20.00 EUR, were made; its answers allow at most 1, 10.00 EUR"
    )


def test_it_breaks_when_a_refund_that_was_promised_never_happens(story):
    bad = refunded(story)
    bad.ask("refund", amount=1_000)

    (breach,) = bad.final("PARTIALLY_REFUNDED", 4_999, 2_000).judge(LAW).breaches

    assert "its answers allow at least 2, 20.00 EUR" in breach.sentence


def test_it_breaks_when_a_refund_that_was_refused_happens(story):
    assert refunded(story, outcome="fail").final("PARTIALLY_REFUNDED").state(LAW) == "broken"


@pytest.mark.parametrize("happens", [True, False])
def test_an_answer_without_a_clear_word_allows_both(story, happens):
    unclear = story().paid()
    unclear.ask("refund", amount=1_000, outcome="info")
    if happens:
        unclear.refund(1_000, status=None)

    assert unclear.final("PAID").state(LAW) == "held"


def test_a_refund_from_the_dashboard_is_not_the_integrations(story):
    given = story().paid().ledger("refund", 4_999, refund="re_9", cause="act:refund_from_dashboard")

    assert given.final("REFUNDED").state(LAW) == "vacuous"


def test_what_the_dashboard_gave_back_need_not_be_given_again(story):
    given = story().paid().ledger("refund", 4_999, refund="re_9", cause="act:refund_from_dashboard")
    given.ask("refund", amount=4_999)

    assert given.final("REFUNDED").state(LAW) == "held"


def test_a_refund_that_failed_may_be_made_again(story):
    again = refunded(story).ledger("refund_fail", 1_000, refund="re_1")

    assert again.refund(1_000, "r2", refund="re_2").final("PARTIALLY_REFUNDED").state(LAW) == "held"


def test_a_refund_that_failed_was_carried_out(story):
    failed = refunded(story).ledger("refund_fail", 1_000, refund="re_1")

    assert failed.final("PAID").state(LAW) == "held"


def test_a_second_charge_goes_back_without_a_decision(story):
    returned = story()
    returned.ask("pay")
    returned.charge("k1", "pi_1").charge("k2", "pi_2").refund(4_999)

    assert returned.final("PAID").state(LAW) == "held"


def test_a_cancelled_order_gives_back_without_a_decision(story):
    cancelled = story().paid()
    cancelled.ask("cancel")

    assert cancelled.refund(4_999).final("CANCELLED").state(LAW) == "held"


def test_two_decisions_of_one_amount_are_two_refunds(story):
    both = refunded(story)
    both.ask("refund", amount=1_000)

    assert both.refund(1_000, "r2", refund="re_2").final("PARTIALLY_REFUNDED").state(LAW) == "held"


def test_in_review_nothing_is_missing_yet(story):
    begun = story().paid()
    begun.ask("refund", amount=1_000)

    assert begun.final("REVIEW").state(LAW) == "held"


def test_it_is_vacuous_without_a_refund(good_day):
    assert good_day.state(LAW) == "vacuous"


def test_it_is_unknown_without_rest(story):
    assert refunded(story).rest(is_quiescent=False).state(LAW) == "unknown"
