"""M8 over small journals."""

import pytest

LAW = "amounts_agree"


def refunded(story, **options):
    begun = story(**options).paid()
    begun.ask("refund", amount=1_000, intent="o1/refund1")
    return begun.refund(1_000)


def test_it_holds_when_the_amounts_agree(good_day):
    assert good_day.state(LAW) == "held"


def test_it_breaks_when_a_copy_of_an_event_is_added_up(story):
    bad = story().paid().final("PAID", 9_998, 0)

    (breach,) = bad.judge(LAW).breaches

    assert breach.sentence == "o1 is shown with 99.98 EUR paid, the provider took 49.99 EUR"


def test_it_breaks_when_a_partial_refund_is_shown_as_a_full_one(story):
    assert refunded(story).final("REFUNDED", 4_999, 4_999).state(LAW) == "broken"


def test_it_breaks_when_the_currency_is_another(story):
    assert story().paid().final("PAID", 4_999, 0, currency="USD").state(LAW) == "broken"


@pytest.mark.parametrize("paid", [4_999, 3_999])
def test_gross_and_net_are_both_honest(story, paid):
    assert refunded(story).final("PARTIALLY_REFUNDED", paid, 1_000).state(LAW) == "held"


@pytest.mark.parametrize("shown", [1_000, 0])
def test_a_pending_refund_may_count_either_way(story, shown):
    assert refunded(story).final("PARTIALLY_REFUNDED", 4_999, shown).state(LAW) == "held"


def test_a_refund_that_is_final_must_count(story):
    final = refunded(story).tell("refund.succeeded")

    assert final.final("PAID", 4_999, 0).state(LAW) == "broken"


def test_a_refund_that_failed_must_not_count(story):
    failed = refunded(story).ledger("refund_fail", 1_000, refund="re_1")

    assert failed.final("PAID", 4_999, 0).state(LAW) == "held"


def test_a_refunded_amount_while_a_dispute_is_open_is_compared_as_ever(story):
    disputed = refunded(story).ledger("dispute_open", 3_999)

    assert disputed.final("DISPUTED", 4_999, 1_000).state(LAW) == "held"


def test_a_hold_may_be_shown_as_paid_while_the_order_is_authorized(story):
    held = story()
    held.ask("pay")

    assert held.ledger("auth").final("AUTHORIZED", 4_999).state(LAW) == "held"


def test_review_is_for_a_human_to_settle(story):
    assert story().paid().final("REVIEW", 0, 0).state(LAW) == "held"


def test_amounts_that_a_view_leaves_out_are_not_compared(story):
    assert story().paid().final("PAID").state(LAW) == "held"


def test_an_integration_that_shows_no_amounts_is_not_judged(story):
    assert story(shown=["status"]).paid().final("PAID", 1).state(LAW) == "not judged"


def test_it_is_vacuous_when_no_money_moved(story):
    quiet = story()
    quiet.ask("pay", outcome="fail")

    assert quiet.final("FAILED", 0).state(LAW) == "vacuous"


def test_it_is_unknown_without_rest_or_view(story):
    restless = story().paid().view("PAID", 1).rest(is_quiescent=False)
    blind = story().paid().final(None, is_readable=False)

    assert {restless.state(LAW), blind.state(LAW)} == {"unknown"}
