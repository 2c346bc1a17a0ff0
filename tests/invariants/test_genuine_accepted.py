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
