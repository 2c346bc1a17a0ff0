"""E5 over small journals."""

import pytest

LAW = "only_genuine_counts"


def waiting(story):
    begun = story()
    begun.ask("pay", outcome="info", status="PENDING")
    return begun.view("PENDING", 0, 0)


@pytest.mark.parametrize("status", [200, 400, 401])
def test_it_holds_when_nothing_changes_whatever_the_answer(story, status):
    assert waiting(story).forge(status=status).view("PENDING", 0).state(LAW) == "held"


@pytest.mark.parametrize("kind", ["forged", "foreign"])
def test_it_breaks_when_a_false_webhook_pays_an_order(story, kind):
    (breach,) = waiting(story).forge(kind=kind).view("PAID", 4_999).judge(LAW).breaches

    assert breach.sentence.startswith(
        f"a {kind} wire.payment.succeeded counted: o1 went from PENDING to PAID"
    )


def test_it_breaks_when_goods_go_out_without_a_change_of_status(story):
    assert waiting(story).forge().view("PENDING", 0, effects={"fulfil": 1}).state(LAW) == "broken"


def test_it_breaks_when_a_false_failure_ends_a_paid_order(story):
    assert story().paid().forge("payment.failed").view("FAILED").state(LAW) == "broken"


def test_it_breaks_when_a_false_refund_is_shown(story):
    assert story().paid().forge("refund.succeeded").view("PAID", 4_999, 4_999).state(LAW) == "broken"


def test_it_breaks_when_the_accepted_lie_comes_up_later(story):
    assert waiting(story).forge().view("PENDING", 0).final("PAID", 4_999).state(LAW) == "broken"


def test_a_genuine_fact_close_by_is_not_blamed(story):
    close = waiting(story).charge()
    event = close.event()

    assert close.forge().send(event).view("PAID", 4_999).state(LAW) == "held"


def test_an_integration_that_looks_the_payment_up_tells_the_truth(story):
    assert waiting(story).charge(status=None).forge().look_up().view("PAID", 4_999).state(LAW) == "held"


def test_another_mistake_after_a_refused_webhook_is_not_blamed_on_it(story):
    other = story().paid().forge("payment.failed", status=400).view("PAID", 4_999, effects={"fulfil": 1})

    assert other.view("PENDING").state(LAW) == "held"


def test_a_lie_told_before_is_not_blamed_on_the_webhook(story):
    assert waiting(story).view("PAID", 4_999).forge().view("PAID", 4_999).state(LAW) == "held"


def test_it_is_vacuous_without_a_false_webhook(good_day):
    assert good_day.state(LAW) == "vacuous"


def test_it_is_unknown_when_nobody_looked_afterwards(story):
    assert waiting(story).forge().state(LAW) == "unknown"


def test_it_breaks_when_coming_back_without_paying_pays_an_order(story):
    begun = story(steps=[{"n": 2, "is_forged": True}])
    begun.ask("pay", outcome="info", status="PENDING")
    begun.view("PENDING", 0, 0)
    begun.ask("return", status="PAID")

    (breach,) = begun.view("PAID", 4_999).judge(LAW).breaches

    assert breach.sentence == "a forged return counted: o1 went from PENDING to PAID"


def test_an_honest_return_is_no_false_input(story):
    begun = story(steps=[{"n": 1, "is_forged": False}])
    begun.ask("return", status="PENDING")

    assert begun.view("PENDING", 0).state(LAW) == "vacuous"


def kept(story, *moved):
    """Give a play in which an event was kept on its way, and what the ledger did meanwhile."""
    begun = waiting(story)
    for kind in ("auth", "capture"):
        begun.ledger(kind)
    event = begun.event()
    for kind in moved:
        begun.ledger(kind)
    return begun, event


def test_it_breaks_when_an_old_truth_pays_an_order_whose_money_is_gone(story):
    bad, event = kept(story, "capture_fail")

    (breach,) = bad.send(event, "stale", signature="stale").view("PAID", 4_999).judge(LAW).breaches

    assert breach.sentence == (
        "a stale wire.payment.succeeded counted: o1 went from PENDING to PAID, which is true no longer"
    )


def test_an_old_truth_that_is_still_true_does_no_harm(story):
    begun, event = kept(story)

    assert begun.send(event, "stale", signature="stale").view("PAID", 4_999).state(LAW) == "held"


def test_whoever_looks_because_of_a_stale_event_sees_what_is_true_now(story):
    begun, event = kept(story, "capture_fail")

    assert begun.send(event, "stale", signature="stale").look_up().view("FAILED").state(LAW) == "held"


def test_a_stale_event_that_changes_nothing_is_harmless_whatever_comes_later(story):
    begun, event = kept(story, "capture_fail")
    begun.send(event, "stale", 400, signature="stale").view("PENDING", 0)

    assert begun.view("PAID", 4_999).state(LAW) == "held"


def test_strangers_change_nothing_whatever_they_are_answered(story):
    assert waiting(story).stranger(200).stranger(404).view("PENDING", 0).state(LAW) == "held"


def test_it_breaks_when_a_strangers_payment_pays_an_order(story):
    (breach,) = waiting(story).stranger(200).view("PAID", 4_999).judge(LAW).breaches

    assert breach.order == "o1"


def test_a_lie_long_after_a_strangers_event_is_not_its_doing(story):
    later = waiting(story).stranger(200).view("PENDING", 0).view("PAID", 4_999)

    assert later.state(LAW) == "held"


def test_strangers_do_not_test_an_order_that_nobody_asked_about(story):
    assert story().stranger(200).rest().state(LAW) == "vacuous"


@pytest.mark.parametrize(("ship_on", "state"), [("pending", "held"), ("captured", "broken")])
def test_goods_that_leave_on_trust_are_not_blamed_on_a_false_webhook(story, ship_on, state):
    debit = story(declares={"ship_on": ship_on})
    debit.ask("pay", outcome="info", status="PENDING")
    debit.tell("payment.pending").forge().view("PENDING", effects={"fulfil": 1})

    assert debit.rest().state(LAW) == state
