"""E4 over small journals."""

import pytest

LAW = "ack_means_durable"


def told(story, *statuses):
    """Lose the answer of a charge, and tell it by webhook, once for each answer of the integration."""
    begun = story()
    begun.ask("pay", outcome="info", status="PENDING")
    begun.charge(status=None)
    event = begun.event()
    for attempt, status in enumerate(statuses, start=1):
        begun.send(event, status=status, attempt=attempt)
    return begun


def test_it_holds_when_an_acknowledged_fact_is_shown(story):
    assert told(story, 200).final("PAID", 4_999).state(LAW) == "held"


def test_it_breaks_when_an_acknowledged_fact_is_forgotten(story):
    (breach,) = told(story, 200).final("PENDING").judge(LAW).breaches

    assert breach.sentence.startswith("wire.payment.succeeded was answered 2xx and forgotten")


def test_it_breaks_when_a_refused_fact_never_arrives(story):
    (breach,) = told(story, 500, 500).final("PENDING").judge(LAW).breaches

    assert "was never accepted" in breach.sentence


def test_an_error_that_asks_for_a_retry_is_fine(story):
    assert told(story, 503, 200).final("PAID", 4_999).state(LAW) == "held"


def test_a_refused_webhook_whose_fact_is_known_otherwise_is_fine(story):
    assert told(story, 400).look_up().final("PAID", 4_999).state(LAW) == "held"


def test_a_superseded_fact_need_not_be_shown(story):
    superseded = told(story, 200).refund(4_999)

    assert superseded.final("REFUNDED", 4_999, 4_999).state(LAW) == "held"


def test_an_event_without_money_may_be_ignored(story):
    ignored = story()
    ignored.ask("pay", outcome="info")
    ignored.send(ignored.event("payment.pending", facts=[]))

    assert ignored.final("PENDING").state(LAW) == "vacuous"


@pytest.mark.parametrize("kind", ["forged", "stale", "foreign"])
def test_an_attackers_webhook_owes_nothing(story, kind):
    attacked = story()
    attacked.ask("pay", outcome="info")

    assert attacked.forge(kind=kind).final("PENDING").state(LAW) == "vacuous"


def test_it_is_vacuous_for_an_integration_without_webhooks(story):
    polling = story()
    polling.ask("pay", outcome="info")

    assert polling.charge().final("PENDING").state(LAW) == "vacuous"


def test_it_is_unknown_without_rest_or_view(story):
    restless = told(story, 200).view("PENDING").rest(is_quiescent=False)
    blind = told(story, 200).final(None, is_readable=False)

    assert {restless.state(LAW), blind.state(LAW)} == {"unknown"}


def test_another_event_of_the_same_fact_owes_it_as_well(story):
    begun = told(story, 500)
    begun.send(("evt_again", "payment.succeeded", "o1"), "duplicate", copy=2, retells="evt_1")

    (breach,) = begun.final("PENDING").judge(LAW).breaches

    assert breach.sentence.startswith("wire.payment.succeeded was answered 2xx and forgotten")


def test_every_member_of_a_batch_that_was_acknowledged_is_owed(story):
    begun = story()
    begun.ask("pay", outcome="info", status="PENDING")
    begun.charge(status=None)
    first = begun.event()
    begun.ledger("refund", 1_000)
    second = begun.event("refund.succeeded")
    begun.send(first).send(second, request="d1")

    (breach,) = begun.final("PAID", 4_999, 0).judge(LAW).breaches

    assert "refund.succeeded was answered 2xx and forgotten" in breach.sentence
