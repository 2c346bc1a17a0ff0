"""M5 over small journals."""

import pytest

LAW = "captured_implies_recorded"


def test_it_holds_when_taken_money_is_shown(good_day):
    assert good_day.state(LAW) == "held"


@pytest.mark.parametrize("status", ["FAILED", "PENDING", "UNPAID", "CANCELLED", "REFUNDED", "AUTHORIZED"])
def test_it_breaks_when_taken_money_is_not_shown(story, status):
    bad = story()
    bad.ask("pay", outcome="info")
    bad.charge(status=None).final(status)

    (breach,) = bad.judge(LAW).breaches

    assert breach.sentence == (
        f"the provider holds 49.99 EUR of the shopper for o1, the integration says {status}"
    )
    assert [bad.entries[seq - 1].kind for seq in breach.proof] == ["ledger.entry", "view.read"]


def test_it_breaks_when_an_order_is_paid_with_nothing(story):
    assert story().paid().final("PAID", 0).state(LAW) == "broken"


def test_an_integration_that_shows_no_amounts_is_judged_by_its_status(story):
    assert story(shown=["status"]).paid().final("PAID", 0).state(LAW) == "held"


@pytest.mark.parametrize("status", ["PAID", "PARTIALLY_REFUNDED", "DISPUTED", "REVIEW"])
def test_every_word_that_admits_the_money_will_do(story, status):
    assert story().paid().final(status).state(LAW) == "held"


def test_money_that_was_given_back_need_not_be_shown(story):
    returned = story()
    returned.ask("pay", outcome="info")
    returned.charge(status=None).refund(4_999).final("FAILED")

    assert returned.state(LAW) == "vacuous"


def test_a_partly_captured_hold_may_still_be_called_authorized(story):
    partial = story()
    partial.ask("pay")
    partial.ledger("auth").ledger("capture", 1_000).final("AUTHORIZED")

    assert partial.state(LAW) == "held"


def test_what_is_recorded_late_by_a_poller_is_recorded(story):
    slow = story()
    slow.ask("pay", outcome="info")
    slow.charge(status=None).view("PENDING").look_up().final("PAID", 4_999)

    assert slow.state(LAW) == "held"


def test_it_is_vacuous_when_nothing_was_taken(story):
    declined = story()
    declined.ask("pay", outcome="fail")

    assert declined.final("FAILED").state(LAW) == "vacuous"


def test_it_is_unknown_without_rest_or_view(story):
    restless = story().paid().view("FAILED").rest(is_quiescent=False)
    blind = story().paid().final(None, is_readable=False)
    wordless = story().paid().final(None)

    assert {restless.state(LAW), blind.state(LAW), wordless.state(LAW)} == {"unknown"}
