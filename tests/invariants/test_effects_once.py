"""E1 over small journals."""

LAW = "effects_once"


def test_it_holds_when_a_copy_changes_nothing(story):
    told = story().paid()
    event = told.event()

    assert (
        told.send(event).send(event, "duplicate", copy=2).view("PAID", effects={"fulfil": 1}).state(LAW)
        == "held"
    )


def test_it_breaks_when_a_copy_is_worked_on_again(story):
    bad = story().paid()
    event = bad.event()
    bad.send(event).send(event, "duplicate", copy=2).view("PAID", effects={"fulfil": 2})

    (breach,) = bad.judge(LAW).breaches

    assert breach.sentence == "fulfil happened 2 times for o1"
    assert bad.entries[breach.began - 1].kind == "view.read"


def test_it_breaks_when_the_doubled_effect_is_only_seen_for_a_moment(story):
    bad = story().paid().view("PAID", effects={"fulfil": 2}).final("PAID", effects={"fulfil": 1})

    assert bad.state(LAW) == "broken"


def test_an_effect_that_may_come_with_every_attempt_is_not_judged(story):
    mailed = story().paid().view("PAID", effects={"fulfil": 1, "mail": 3})

    assert mailed.state(LAW) == "held"


def test_each_of_two_orders_has_its_own_effect(story):
    assert story("o1", "o2").paid("o1").paid("o2").state(LAW) == "held"


def test_an_integration_that_shows_or_declares_no_effects_is_not_judged(story):
    hidden = story(shown=["status"]).paid()
    silent = story(declares={"once": []}).paid()

    assert {hidden.state(LAW), silent.state(LAW)} == {"not judged"}


def test_it_is_vacuous_when_the_effect_never_happened(story):
    quiet = story()
    quiet.ask("pay", outcome="fail")

    assert quiet.view("FAILED", effects={"fulfil": 0}).state(LAW) == "vacuous"


SENT = {"shown": ["status", "sink"], "declares": {"once": ["mail"], "effects_due": {"mail": "PAID"}}}


def test_it_breaks_when_the_sink_gets_two_of_what_happens_once(story):
    bad = story(**SENT).paid().sink().sink(key="k2")

    (breach,) = bad.judge(LAW).breaches

    assert breach.sentence == "mail happened 2 times for o1"
    assert bad.entries[breach.began - 1].kind == "effect.seen"


def test_the_same_again_under_its_key_is_no_second_effect(story):
    """An answer that is lost makes a good outbox send again."""
    retried = story(**SENT).paid().sink().sink(again=True).final("PAID")

    assert retried.state(LAW) == "held"


def test_what_the_sink_refused_has_not_happened(story):
    retried = story(**SENT).paid().sink(taken=False).sink().final("PAID")

    assert retried.state(LAW) == "held"


def test_without_a_key_a_second_arrival_is_a_second_effect(story):
    assert story(**SENT).paid().sink(key=None).sink(key=None).state(LAW) == "broken"


def test_it_breaks_when_what_is_owed_never_comes(story):
    forgetful = story(**SENT).paid().sink(taken=False).final("PAID")

    (breach,) = forgetful.judge(LAW).breaches

    assert breach.sentence == "o1 is PAID, and its mail was never sent"
    assert not breach.is_always


def test_nothing_is_owed_before_all_is_quiet(story):
    """Nor is it known yet."""
    assert story(**SENT).paid().rest(False, "webhooks are on their way").state(LAW) == "unknown"


def test_nothing_is_owed_for_an_order_that_did_not_stay_paid(story):
    """A cancelled order may be cancelled before its mail is written."""
    cancelled = story(**SENT).paid().ledger("refund").final("REFUNDED")

    assert cancelled.state(LAW) != "broken"


def test_an_effect_that_is_not_declared_to_happen_once_may_come_often(story):
    mailed = story(**SENT).paid().sink().sink("news", "k2").sink("news", "k3").final("PAID")

    assert mailed.state(LAW) == "held"


def test_two_events_of_one_fact_have_one_effect(story):
    told = story().paid()
    event = told.event()
    told.send(event).send(("evt_again", *event[1:]), "duplicate", copy=2, retells=event[0])

    assert told.view("PAID", effects={"fulfil": 1}).state(LAW) == "held"


def test_it_breaks_when_the_id_of_an_event_is_taken_for_its_fact(story):
    bad = story().paid()
    event = bad.event()
    bad.send(event).send(("evt_again", *event[1:]), "duplicate", copy=2, retells=event[0])
    bad.view("PAID", effects={"fulfil": 2})

    assert bad.state(LAW) == "broken"


def test_it_breaks_when_the_handler_of_a_resent_event_finishes_twice(story):
    bad = story().paid()
    event = bad.event()
    bad.send(event, status=None, how="overlap").send(event, attempt=2, how="overlap")

    assert bad.view("PAID", effects={"fulfil": 2}).state(LAW) == "broken"
