"""C1 over small journals."""

import pytest

LAW = "shopper_agrees"


def told(story, outcome, status=None, is_charged=True):
    """Pay, and tell the shopper something."""
    begun = story()
    asked = begun.invoke("pay")
    if is_charged:
        begun.charge()
    return begun.returned(asked, outcome, status)


@pytest.mark.parametrize("status", ["PAID", "AUTHORIZED", "REFUNDED", "DISPUTED", "REVIEW"])
def test_it_holds_when_who_was_told_yes_has_paid(story, status):
    assert told(story, "ok").final(status).state(LAW) == "held"


@pytest.mark.parametrize("status", ["UNPAID", "PENDING", "FAILED", "CANCELLED"])
def test_it_breaks_when_who_was_told_yes_has_not_paid(story, status):
    (breach,) = told(story, "ok", "PAID").final(status).judge(LAW).breaches

    assert breach.sentence == f"the shopper was told that o1 is paid, it ends as {status}"


def test_it_breaks_when_who_was_told_no_has_paid(story):
    bad = told(story, "fail").final("PAID")

    (breach,) = bad.judge(LAW).breaches

    assert breach.sentence == "the shopper was told that o1 failed, 49.99 EUR were taken and kept"
    assert [bad.entries[seq - 1].kind for seq in breach.proof] == ["op.returned", "view.read"]


def test_money_that_was_given_back_after_a_no_is_fine(story):
    assert told(story, "fail").refund(4_999).final("FAILED").state(LAW) == "held"


def test_a_no_without_money_is_kept(story):
    assert told(story, "fail", is_charged=False).final("FAILED").state(LAW) == "held"


@pytest.mark.parametrize(("outcome", "status"), [("info", None), ("info", "FAILED"), ("ok", "PENDING")])
@pytest.mark.parametrize("end", ["PAID", "FAILED", "PENDING"])
def test_we_are_confirming_your_payment_promises_nothing(story, outcome, status, end):
    assert told(story, outcome, status).final(end).state(LAW) == "vacuous"


def test_a_second_attempt_that_is_refused_takes_no_promise_back(story):
    twice = told(story, "ok")
    twice.ask("pay", outcome="fail")

    assert twice.final("PAID").state(LAW) == "held"


def test_a_no_beside_an_unclear_answer_is_no_clear_no(story):
    twice = told(story, "info")
    twice.ask("pay", outcome="fail")

    assert twice.final("PAID").state(LAW) == "vacuous"


@pytest.mark.parametrize("kind", ["expire", "capture_fail", "dispute_lost", "refund"])
def test_what_the_provider_took_back_is_nobodys_lie(story, kind):
    assert told(story, "ok").ledger(kind, cause="act:test").final("FAILED").state(LAW) == "vacuous"


@pytest.mark.parametrize("decision", ["cancel", "refund"])
def test_an_order_that_was_given_up_later_need_not_end_paid(story, decision):
    cancelled = told(story, "ok")
    cancelled.ask(decision, amount=4_999)

    assert cancelled.refund(4_999).final("CANCELLED").state(LAW) == "vacuous"


def test_it_is_vacuous_when_nobody_was_told_anything(story):
    assert story().final("UNPAID").state(LAW) == "vacuous"


def test_it_is_unknown_without_rest_or_view(story):
    restless = told(story, "ok").rest(is_quiescent=False)
    blind = told(story, "ok").final(None, is_readable=False)

    assert {restless.state(LAW), blind.state(LAW)} == {"unknown"}


def test_a_return_page_that_says_failed_speaks_of_the_order_whatever_was_unclear_before(story):
    lied = told(story, "info")
    lied.ask("return", outcome="fail", status="FAILED")

    assert lied.final("PAID").state(LAW) == "broken"
