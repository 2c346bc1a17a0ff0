"""T1 over small journals."""

import pytest

LAW = "telemetry_agrees"
SHOWN = ["status", "paid", "counters", "transitions"]


def read(made, when="start", alone=True, problem=None, **counters):
    made.journal.write("telemetry.read", when=when, counters=counters, is_alone=alone, problem=problem)
    return made


def reported(made, reported=2, correlation=0, actor=0, last="PAID", shown="PAID"):
    made.journal.write(
        "telemetry.transitions",
        "o1",
        reported=reported,
        without_correlation=correlation,
        without_actor=actor,
        actors=["shopper"],
        last=last,
        shown=shown,
    )
    return made


def day(story, start=None, end=None, **more):
    """Give a good day with counters read before and after it."""
    made = read(story(shown=SHOWN, **more), **(start or {"succeeded": 5}))
    return read(made.paid().final("PAID", 4_999, 0), "end", **(end or {"succeeded": 6}))


def test_it_holds_where_the_counter_gained_what_happened(story):
    made = day(story)

    assert (made.state(LAW), made.judge(LAW).antecedents) == ("held", 1)


@pytest.mark.parametrize("after", [5, 7])
def test_it_breaks_where_a_success_was_not_counted_or_counted_twice(story, after):
    (breach,) = day(story, end={"succeeded": after}).judge(LAW).breaches

    assert breach.sentence == f"the counter succeeded rose by {after - 5}, where 1 is right"


def test_a_decline_is_none_of_the_successes(story):
    made = read(story(shown=SHOWN), succeeded=0, declined=0)
    call = made.arrive("charge", amount=4_999)
    made.commit(call, status=402, refusal="declined", applied=True).answer(call, 402)
    made.event("payment.failed")

    bad = read(made.final("FAILED", 0, 0), "end", succeeded=1, declined=0)

    assert [breach.sentence for breach in bad.judge(LAW).breaches] == [
        "the counter succeeded rose by 1, where 0 is right",
        "the counter declined rose by 0, where 1 is right",
    ]


def test_a_hold_that_was_let_go_may_be_counted_or_not(story):
    """Whoever learns of both at once has never seen it held."""
    for counted in (0, 1):
        made = read(story(shown=SHOWN), succeeded=0)
        made.ledger("auth").ledger("void")
        read(made.final("CANCELLED", 0, 0), "end", succeeded=counted)

        assert made.state(LAW) == "held"


def test_retries_are_the_calls_with_a_known_key(story):
    made = read(story(shown=SHOWN), retries=0)
    made.charge(status=None).look_up()
    call = made.arrive("charge", "k1", amount=4_999)
    made.commit(call, replayed=True, applied=False).answer(call)

    right = read(made.final("PAID", 4_999, 0), "end", retries=1)

    assert right.state(LAW) == "held"


def test_what_webhooks_took_is_no_more_than_there_was_time(story):
    slow = {"webhook_lag_count": 1, "webhook_lag_seconds": 3_600.0}

    bad = day(story, {"webhook_lag_count": 0, "webhook_lag_seconds": 0.0}, slow)

    assert [one.sentence.partition(",")[0] for one in bad.judge(LAW).breaches] == [
        "the counter webhook_lag_seconds rose by 3600"
    ]


def test_a_difference_is_not_told_where_there_is_none(story):
    bad = day(story, {"reconciliation_delta": 0}, {"reconciliation_delta": 4_999})
    old = day(story, {"reconciliation_delta": 10}, {"reconciliation_delta": 10})

    assert (bad.state(LAW), old.state(LAW)) == ("broken", "held")


@pytest.mark.parametrize("spoilt", ["restart", "company", "stray", "unreadable"])
def test_counters_that_prove_nothing_here_are_not_judged(story, spoilt):
    """A restart begins them anew, and whatever else the process did is in them too."""
    made = read(story(shown=SHOWN), succeeded=5)
    if spoilt == "restart":
        made.journal.write("process.started", pid=0, ready_ms=1.0)
    if spoilt == "stray":
        made.journal.write("run.stray", path="/", method="GET", reason="of no world")
    made.paid().final("PAID", 4_999, 0)
    problem = "the metrics could not be read" if spoilt == "unreadable" else None
    read(made, "end", alone=spoilt != "company", problem=problem, succeeded=0)

    assert made.state(LAW) == "vacuous"


def test_an_integration_that_declares_nothing_is_not_judged(story):
    assert story(shown=["status"]).paid().state(LAW) == "not judged"


@pytest.mark.parametrize("lack", ["correlation", "actor"])
def test_it_breaks_where_a_transition_is_nobodys_doing(story, lack):
    (breach,) = reported(story(shown=SHOWN).paid(), **{lack: 1}).judge(LAW).breaches

    assert breach.sentence == f"1 of 2 transitions of o1 have no {lack}"


def test_the_last_transition_leads_to_what_is_shown(story):
    good, bad = story(shown=SHOWN).paid(), story(shown=SHOWN).paid()

    assert reported(good).state(LAW) == "held"
    assert reported(bad, last="PENDING").state(LAW) == "broken"


def test_records_that_do_not_say_where_they_led_are_judged_for_the_rest(story):
    assert reported(story(shown=SHOWN).paid(), last=None).state(LAW) == "held"


def slow_webhook(made, elapsed, parked=0.0, how="in_turn"):
    event = made.event()
    made.journal.write(
        "webhook.sent",
        "o1",
        delivery="d9",
        event=event[0],
        name=event[1],
        wire_type="wire",
        attempt=1,
        copy=1,
        how=how,
        signature="ok",
        **{"class": "genuine"},
    )
    made.journal.write(
        "webhook.answered", "o1", delivery="d9", status=200, elapsed_ms=elapsed, parked_ms=parked
    )
    return made


LEVELS = {"declares": {"webhook_lag_ms": 500, "refund_time_ms": 500}, "shown": SHOWN}


def test_it_breaks_where_a_webhook_takes_longer_than_declared(story):
    (breach,) = slow_webhook(story(**LEVELS).paid(), 700.0).judge(LAW).breaches

    assert breach.sentence == "a webhook took 700 ms, 500 ms are declared"


def test_time_at_our_gates_is_not_the_integrations(story):
    assert slow_webhook(story(**LEVELS).paid(), 700.0, parked=300.0).state(LAW) != "broken"


def test_copies_at_once_wait_for_each_other(story):
    assert slow_webhook(story(**LEVELS).paid(), 700.0, how="at_once").state(LAW) != "broken"


def test_it_breaks_where_a_refund_takes_longer_than_declared(story):
    bad = story(**LEVELS).paid()
    bad.ask("refund", amount=100, elapsed=900.0)

    assert bad.state(LAW) == "broken"


def test_no_service_level_holds_while_something_goes_wrong(story):
    made = story(**LEVELS).paid()
    asked = made.invoke("refund", amount=100)
    made.fire()

    assert made.returned(asked, elapsed=900.0).state(LAW) != "broken"
