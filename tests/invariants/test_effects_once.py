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
