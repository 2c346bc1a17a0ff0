"""E6 over small journals."""

import pytest

LAW = "genuine_accepted"


def told(story, *statuses, name="payment.succeeded", **sending):
    """Pay, and tell it by webhook, once for each answer of the integration."""
    begun = story()
    begun.ask("pay", outcome="info")
    event = begun.charge().event(name)
    for attempt, status in enumerate(statuses, start=1):
        begun.send(event, status=status, attempt=attempt, **sending)
    return begun


def test_it_holds_when_a_webhook_is_accepted(good_day):
    assert good_day.state(LAW) == "held"


def test_it_breaks_when_every_attempt_is_refused(story):
    bad = told(story, 400, 400, None).final("PAID")

    (breach,) = bad.judge(LAW).breaches

    assert breach.sentence == "wire.payment.succeeded was sent 3 times and never accepted (400, no answer)"
    assert [bad.entries[seq - 1].kind for seq in breach.proof] == ["webhook.sent", "webhook.answered"] * 2


def test_it_breaks_when_the_new_secret_is_not_known(story):
    assert told(story, 401, 401, signature="rotated").final("PAID").state(LAW) == "broken"


@pytest.mark.parametrize("first", [404, 429, 503, None])
def test_an_answer_that_asks_to_be_told_again_is_fine(story, first):
    assert told(story, first, 200).final("PAID").state(LAW) == "held"


def test_a_copy_that_is_refused_beside_an_accepted_one_is_fine(story):
    begun = told(story, 200)
    begun.send(begun.event(), status=200).send(("evt_1", "payment.succeeded", "o1"), "duplicate", 409, copy=2)

    assert begun.final("PAID").state(LAW) == "held"


@pytest.mark.parametrize("kind", ["forged", "stale", "foreign"])
def test_what_the_provider_did_not_send_in_time_may_be_refused(story, kind):
    assert story().forge(kind=kind, status=400).rest().state(LAW) == "vacuous"


def test_a_side_event_that_nobody_subscribed_to_may_be_refused(story):
    assert told(story, 400, name=None).final("PAID").state(LAW) == "vacuous"


def test_it_is_vacuous_for_an_integration_without_webhooks(story):
    polling = story()
    polling.ask("pay")

    assert polling.charge().look_up().final("PAID").state(LAW) == "vacuous"


def test_it_is_unknown_while_further_attempts_may_come(story):
    assert told(story, 503).rest(is_quiescent=False).state(LAW) == "unknown"


def test_it_breaks_when_strangers_are_refused_until_the_endpoint_is_disabled(story):
    bad = story().paid().stranger(404, 404).stranger(404, 404).stranger(400, 404).disable()
    late = bad.ledger("refund").event("refund.succeeded")
    bad.lose(late, "disabled").final("REFUNDED")

    (breach,) = bad.judge(LAW).breaches

    assert breach.order == "o1"
    assert breach.sentence == (
        "the provider disabled the endpoint, which refused wire.payment.succeeded (400, 404); "
        "events that it never sent after that: 1"
    )
    assert "webhook.disabled" in {bad.entries[seq - 1].kind for seq in breach.proof}


def test_it_breaks_when_side_events_are_refused_until_the_endpoint_is_disabled(story):
    bad = story().paid()
    for _ in range(3):
        side = bad.event(name=None)
        bad.send(side, status=400).lose(side, "exhausted")

    assert bad.disable().final("PAID").state(LAW) == "broken"


def test_strangers_may_be_refused_as_long_as_the_endpoint_stays_in_use(story):
    assert story().paid().stranger(404, 404).stranger(400).final("PAID").state(LAW) == "held"


def test_an_endpoint_that_could_not_answer_at_all_is_the_storys_doing(story):
    down = story().paid().stranger(None, None).stranger(None).stranger(None, None).disable()

    assert down.final("PAID").state(LAW) == "held"


def test_events_signed_by_a_clock_that_is_off_are_no_reason_to_blame_the_endpoint(story):
    late = story()
    late.ask("pay", outcome="info")
    late.charge()
    for _ in range(3):
        event = late.event()
        late.send(event, status=400, skew_ms=-360_000).lose(event, "exhausted")

    assert late.disable().final("PAID").state(LAW) != "broken"


def test_another_event_of_a_fact_that_was_accepted_may_be_refused(story):
    begun = story().paid()
    event = begun.event()
    begun.send(event).send(("evt_again", *event[1:]), "duplicate", 409, copy=2, retells=event[0])

    assert begun.final("PAID").state(LAW) == "held"


def test_it_is_unknown_whether_the_endpoint_would_have_been_disabled_before_all_is_quiet(story):
    bad = story().paid().stranger(404).stranger(404).stranger(404).disable()

    assert bad.rest(is_quiescent=False).state(LAW) == "unknown"


@pytest.mark.parametrize(
    ("skew_ms", "state"),
    [
        (None, "broken"),
        (-240_000, "broken"),
        (300_000, "broken"),
        (-360_000, "vacuous"),
        (360_000, "vacuous"),
    ],
)
def test_events_of_a_clock_that_is_off_by_more_than_the_tolerance_may_be_refused(story, skew_ms, state):
    assert told(story, 400, 400, skew_ms=skew_ms).final("PAID").state(LAW) == state


def test_the_tolerance_is_the_one_that_the_integration_declares(story):
    strict = story(declares={"signature_tolerance_ms": 60_000})
    strict.ask("pay")

    strict.charge().tell(status=400, skew_ms=-90_000)

    assert strict.final("PAID").state(LAW) == "vacuous"
