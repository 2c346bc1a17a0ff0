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


def test_a_refund_may_be_shown_before_the_provider_has_it(story):
    eager = story().paid()
    eager.invoke("refund", amount=1_000, intent="o1/refund1")

    assert eager.view("PARTIALLY_REFUNDED").refund(1_000).view("PARTIALLY_REFUNDED").state(LAW) == "held"


def test_a_new_decision_may_make_a_paid_order_pending(story):
    busy = story().paid()
    busy.invoke("refund", amount=1_000, intent="o1/refund1")

    assert busy.view("PENDING").state(LAW) == "held"


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
