"""R4 over small journals."""

import pytest

LAW = "nothing_left_pending"


def test_it_holds_when_everything_ends(good_day):
    assert good_day.state(LAW) == "held"


def test_it_breaks_when_an_operation_outlasts_its_deadline(story):
    bad = story()
    bad.ask("pay", outcome="info", elapsed=4_000)

    (breach,) = bad.rest().judge(LAW).breaches

    assert breach.sentence == "pay took 4000 ms, the declared deadline is 1000 ms"
    assert breach.is_always


def test_time_at_our_own_gates_is_taken_off(story):
    parked = story()
    parked.ask("pay", elapsed=4_000, parked=3_500)

    assert parked.rest().state(LAW) == "held"


def test_a_provider_that_never_answers_excuses_nothing(story):
    held = story()
    asked = held.invoke("pay")
    call = held.arrive(amount=4_999)
    held.fire(call, do="hold").answer(call, None, "hold").returned(asked, outcome="info", elapsed=4_000)

    assert held.rest().state(LAW) == "broken"


def test_a_busy_machine_is_given_a_little_more(story):
    busy = story()
    busy.ask("pay", elapsed=1_200)

    assert busy.rest().state(LAW) == "held"


def test_a_reconciliation_may_take_its_time(story):
    slow = story()
    slow.ask("sync", order=None, elapsed=9_000)

    assert slow.rest().state(LAW) == "vacuous"


@pytest.mark.parametrize("status", ["PENDING", "UNPAID"])
def test_it_breaks_when_a_captured_order_waits_for_ever(story, status):
    bad = story()
    bad.ask("pay", outcome="info")

    (breach,) = bad.charge(status=None).final(status).judge(LAW).breaches

    assert breach.sentence == f"o1 is {status} for ever, though the provider has captured it"


def test_it_breaks_when_a_lapsed_hold_stays_pending(story):
    bad = story()
    bad.ask("pay")

    assert bad.ledger("auth").ledger("expire").final("PENDING").state(LAW) == "broken"


def test_a_payment_that_is_still_pending_may_be_pending(story):
    waiting = story()
    waiting.ask("pay", outcome="info", status="PENDING")

    assert waiting.final("PENDING").state(LAW) == "held"


def test_an_open_hold_is_not_final(story):
    held = story()
    held.ask("pay")

    assert held.ledger("auth").final("PENDING").state(LAW) == "held"


def test_a_lapsed_hold_may_leave_the_order_unpaid(story):
    lapsed = story()
    lapsed.ask("pay")

    assert lapsed.ledger("auth").ledger("expire").final("UNPAID").state(LAW) == "held"


def test_it_is_unknown_without_rest_and_the_deadline_is_judged_all_the_same(story):
    restless, late = story(), story()
    restless.ask("pay").rest(is_quiescent=False)
    late.ask("pay", elapsed=9_000).rest(is_quiescent=False)

    assert (restless.state(LAW), late.state(LAW)) == ("unknown", "broken")


def test_an_integration_that_declares_no_deadline_is_not_timed(story):
    free = story(declares={"deadline_ms": None})
    free.ask("pay", elapsed=90_000)

    assert free.rest().state(LAW) == "vacuous"
