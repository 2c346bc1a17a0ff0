"""E3 over small journals."""

import pytest

LAW = "justified_transitions"


def test_it_holds_on_the_usual_way(good_day):
    assert good_day.state(LAW) == "held"


@pytest.mark.parametrize("status", ["PENDING", "UNPAID", "FAILED", "AUTHORIZED", "CANCELLED"])
def test_it_breaks_when_an_older_state_overwrites_paid(story, status):
    bad = story().paid().view(status)

    (breach,) = bad.judge(LAW).breaches

    assert breach.sentence.startswith(f"o1 went from PAID to {status}")
    assert bad.entries[breach.began - 1].data["status"] == status


def test_it_breaks_when_a_refund_is_forgotten(story):
    bad = story().paid()
    bad.ask("refund", amount=1_000, intent="o1/refund1")
    bad.refund(1_000).view("PARTIALLY_REFUNDED").view("PAID")

    assert bad.state(LAW) == "broken"


def test_it_breaks_when_paid_comes_from_nowhere(story):
    bad = story()
    bad.ask("pay", status="PENDING")

    assert bad.view("PENDING").view("PAID").state(LAW) == "broken"


def test_a_regress_is_told_once(story):
    bad = story().paid().view("FAILED").view("FAILED").view("PAID")

    assert len(bad.judge(LAW).breaches) == 1


def test_states_that_nobody_read_may_be_skipped(story):
    skipped = story()
    skipped.ask("pay")
    skipped.charge()
    skipped.ask("refund", amount=4_999, intent="o1/refund1")

    assert skipped.refund(4_999).view("REFUNDED").state(LAW) == "held"


def test_a_view_may_lag_behind_the_ledger(story):
    late = story()
    late.ask("pay")
    late.ledger("auth").ledger("capture").view("PENDING").view("AUTHORIZED").view("PAID")

    assert late.state(LAW) == "held"


def test_a_second_attempt_after_a_decline_may_pay(story):
    again = story()
    again.ask("pay", outcome="fail")
    again.view("FAILED")
    again.ask("pay")

    assert again.view("PENDING").charge("k2").view("PAID").state(LAW) == "held"


def test_a_late_payment_of_a_failed_order_is_justified(story):
    late = story()
    late.ask("pay", outcome="info")

    assert late.view("FAILED").charge().view("PAID").state(LAW) == "held"


def test_a_failed_refund_leads_back_to_paid(story):
    failed = story().paid()
    failed.ask("refund", amount=4_999, intent="o1/refund1")
    failed.refund(4_999).view("REFUNDED").ledger("refund_fail", refund="re_1").view("PAID")

    assert failed.state(LAW) == "held"


def test_a_failed_capture_leads_back_to_failed(story):
    assert story().paid().ledger("capture_fail").view("FAILED").state(LAW) == "held"


def test_a_dispute_comes_and_goes(story):
    won = story().paid().ledger("dispute_open").view("DISPUTED").ledger("dispute_won").view("PAID")

    assert won.state(LAW) == "held"


def asked_about(story):
    """Give a paid order that the shopper's bank asks about; no money moves."""
    asked = story().paid()
    asked.event("dispute.opened", facts=[])
    return asked


def test_an_inquiry_may_be_shown_as_a_dispute(story):
    assert asked_about(story).view("DISPUTED").state(LAW) == "held"


@pytest.mark.parametrize("end", ["dispute.won", "dispute.lost"])
def test_an_inquiry_that_is_over_leads_back_to_paid(story, end):
    over = asked_about(story).view("DISPUTED")
    over.event(end, facts=[])

    assert over.view("PAID").state(LAW) == "held"


def test_an_inquiry_that_became_a_dispute_stays_one(story):
    both = asked_about(story).view("DISPUTED")
    both.event("dispute.lost", facts=[])
    both.ledger("dispute_open").event("dispute.opened")

    assert both.view("DISPUTED").ledger("dispute_lost").view("DISPUTED").state(LAW) == "held"


def test_an_inquiry_need_not_be_shown(story):
    quiet = asked_about(story).view("PAID")
    quiet.event("dispute.won", facts=[])

    assert quiet.view("PAID").state(LAW) == "held"


def test_a_dispute_that_nobody_began_breaks(story):
    assert story().paid().view("DISPUTED").state(LAW) == "broken"


def test_an_inquiry_explains_nothing_that_was_shown_before_it(story):
    early = story().paid().view("DISPUTED")
    early.event("dispute.opened", facts=[])

    assert early.state(LAW) == "broken"


def test_an_inquiry_about_one_order_explains_nothing_of_another(story):
    two = story("o1", "o2").paid("o1").paid("o2")
    two.event("dispute.opened", "o1", facts=[])

    assert two.view("DISPUTED", order="o2").state(LAW) == "broken"


def test_an_inquiry_that_was_over_when_a_refund_was_shown_is_not_open_again(story):
    over = asked_about(story).view("DISPUTED")
    over.event("dispute.won", facts=[])
    over.ask("refund", amount=1_000, intent="o1/refund1")

    assert over.refund(1_000).view("PARTIALLY_REFUNDED").view("DISPUTED").state(LAW) == "broken"


def test_a_dispute_that_was_won_is_not_open_again(story):
    won = story().paid().ledger("dispute_open")
    won.event("dispute.opened")
    won.view("DISPUTED").ledger("dispute_won").event("dispute.won")

    assert won.view("PAID").view("DISPUTED").state(LAW) == "broken"


@pytest.mark.parametrize("status", ["FAILED", "REFUNDED", "PENDING", "UNPAID", "CANCELLED"])
def test_an_inquiry_explains_a_dispute_only(story, status):
    assert asked_about(story).view(status).state(LAW) == "broken"


def test_a_refund_may_be_shown_before_the_provider_has_it(story):
    eager = story().paid()
    eager.invoke("refund", amount=1_000, intent="o1/refund1")

    assert eager.view("PARTIALLY_REFUNDED").refund(1_000).view("PARTIALLY_REFUNDED").state(LAW) == "held"


def test_a_new_decision_may_make_a_paid_order_pending(story):
    busy = story().paid()
    busy.invoke("refund", amount=1_000, intent="o1/refund1")

    assert busy.view("PENDING").state(LAW) == "held"


def held(story, **answer):
    """Give an order that is held and shown so, and whose merchant asked for the money since."""
    shown = story()
    shown.ask("pay", status="PENDING")
    shown.ledger("auth").view("AUTHORIZED")
    return shown.ask("capture", **{"outcome": "info", "status": "AUTHORIZED"} | answer)


def test_who_lags_behind_a_capture_may_wait_for_it_later(story):
    lagging = held(story).ledger("capture").view("AUTHORIZED").view("PENDING").view("PAID")

    assert lagging.state(LAW) == "held"


def test_who_files_a_capture_for_later_may_wait_for_it_later(story):
    assert held(story).view("AUTHORIZED").view("PENDING").state(LAW) == "held"


def test_a_capture_is_waited_for_once(story):
    once = held(story).ledger("capture").view("AUTHORIZED").view("PENDING")
    twice = once.view("AUTHORIZED").view("PENDING")

    (breach,) = twice.judge(LAW).breaches
    assert twice.entries[-1].seq == breach.began


def test_a_capture_that_was_shown_is_not_waited_for(story):
    bad = held(story).ledger("capture").view("PAID").view("PENDING")

    assert bad.state(LAW) == "broken"


def test_a_capture_that_was_waited_for_is_not_waited_for_again(story):
    bad = held(story).ledger("capture").view("AUTHORIZED").view("PENDING").view("PAID").view("PENDING")

    assert bad.state(LAW) == "broken"


def test_a_capture_that_was_refused_is_not_waited_for(story):
    assert held(story, outcome="fail").view("AUTHORIZED").view("PENDING").state(LAW) == "broken"


def test_a_hold_that_nobody_asked_anything_about_is_not_pending_again(story):
    bad = story()
    bad.ask("pay", status="PENDING")

    assert bad.ledger("auth").view("AUTHORIZED").view("AUTHORIZED").view("PENDING").state(LAW) == "broken"


def test_a_look_at_the_books_is_nothing_to_wait_for(story):
    bad = story()
    bad.ask("pay", status="PENDING")
    bad.ledger("auth").view("AUTHORIZED")
    bad.ask("sync")

    assert bad.view("AUTHORIZED").view("PENDING").state(LAW) == "broken"


@pytest.mark.parametrize("status", ["UNPAID", "FAILED"])
def test_a_lagging_view_of_a_capture_explains_waiting_only(story, status):
    assert held(story).ledger("capture").view("AUTHORIZED").view(status).state(LAW) == "broken"


def test_a_plain_payment_that_was_shown_is_not_waited_for(story):
    assert story().paid().view("PAID").view("PENDING").state(LAW) == "broken"


def test_a_refund_that_was_shown_is_not_waited_for(story):
    bad = story().paid()
    bad.ask("refund", amount=4_999, intent="o1/refund1")

    assert bad.refund(4_999).view("REFUNDED").view("REFUNDED").view("PENDING").state(LAW) == "broken"


def test_a_refund_that_was_shown_before_the_ledger_had_it_is_not_waited_for(story):
    bad = story().paid()
    bad.ask("refund", amount=4_999, intent="o1/refund1")
    bad.view("REFUNDED").refund(4_999)

    assert bad.view("REFUNDED").view("PENDING").state(LAW) == "broken"


def test_a_refund_after_a_refund_that_was_shown_is_not_waited_for(story):
    """The status stays what it was, and a late webhook may not take it back."""
    bad = story().paid()
    for intent, refund in (("o1/refund1", "re_1"), ("o1/refund2", "re_2")):
        bad.ask("refund", amount=1_000, intent=intent)
        bad.refund(1_000, refund, refund=refund).view("PARTIALLY_REFUNDED")

    assert bad.view("PENDING").state(LAW) == "broken"


def test_a_renewal_that_was_shown_is_not_waited_for(story):
    bad = story().paid().view("PAID")
    bad.ask("renew")

    assert bad.ledger("capture").view("PAID").view("PENDING").state(LAW) == "broken"


def test_who_pays_twice_does_not_make_a_paid_order_wait(story):
    bad = story().paid().view("PAID")
    bad.ask("pay")

    assert bad.view("PAID").view("PENDING").state(LAW) == "broken"


def test_an_inquiry_that_was_shown_and_is_over_is_not_open_again(story):
    over = asked_about(story).view("DISPUTED")
    over.event("dispute.won", facts=[])

    assert over.view("PAID").view("DISPUTED").state(LAW) == "broken"


def test_an_inquiry_that_was_shown_may_be_left_while_it_is_open(story):
    refunded = asked_about(story).view("DISPUTED")
    refunded.ask("refund", amount=1_000, intent="o1/refund1")

    assert refunded.refund(1_000).view("PARTIALLY_REFUNDED").view("DISPUTED").state(LAW) == "held"


def test_review_may_be_entered_and_left(story):
    assert story().paid().view("REVIEW").view("PAID").state(LAW) == "held"


def test_a_released_hold_may_end_as_cancelled_or_failed(story):
    expired = story()
    expired.ask("pay")

    assert expired.ledger("auth").view("AUTHORIZED").ledger("expire").view("CANCELLED").state(LAW) == "held"


def test_a_view_that_could_not_be_read_changes_nothing(story):
    assert story().paid().view(None, is_readable=False).view("PAID").state(LAW) == "held"


def test_money_of_one_order_justifies_nothing_of_another(story):
    two = story("o1", "o2").paid("o1")
    two.ask("pay", "o2")

    assert two.view("PAID", order="o2").state(LAW) == "broken"


def test_it_is_vacuous_when_no_status_changes(story):
    assert story().view("UNPAID").view("UNPAID").state(LAW) == "vacuous"


def test_a_debit_that_the_bank_returned_has_failed(story):
    back = story().paid().view("PAID").ledger("dispute_open").ledger("dispute_lost")

    assert back.view("FAILED").state(LAW) == "held"
