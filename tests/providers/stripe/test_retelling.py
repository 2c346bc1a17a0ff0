"""Second events of a fact, and events of strangers: they look real, and can be asked for."""

import json

import pytest

from badgateway.providers.base import Batches, KnowsStrangers, Retells, patience_of


def test_a_second_event_has_another_id_and_the_same_content(client, account):
    client.payment_intents.create({"amount": 4999, "currency": "eur", "payment_method": "pm_card_visa"})
    first = account.told[-1]

    again = account.dialect.retell(first, account)
    bodies = [json.loads(event.body) for event in (first, again)]

    assert [body.pop("id") for body in bodies] == [first.id, again.id]
    assert first.id != again.id
    assert bodies[0] == bodies[1]
    assert (again.name, again.facts, again.wire_type) == (first.name, first.facts, first.wire_type)


def test_a_second_event_can_be_asked_for_like_the_first(client, account):
    client.payment_intents.create({"amount": 4999, "currency": "eur", "payment_method": "pm_card_visa"})

    again = account.dialect.retell(account.told[-1], account)

    assert client.events.retrieve(again.id).type == again.wire_type


@pytest.mark.parametrize(
    ("kind", "shown"), [("invoice.finalized", "invoice"), ("charge.dispute.created", "dispute")]
)
def test_a_stranger_is_of_the_type_that_was_asked_for_and_of_nobody_known(client, account, kind, shown):
    event = account.dialect.stranger(kind, account)

    assert (event.wire_type, event.payment_id, event.order_ref, event.facts) == (kind, None, None, ())
    assert json.loads(event.body)["data"]["object"]["object"] == shown
    assert client.events.retrieve(event.id).type == kind


def test_stripe_sends_one_event_in_each_request_and_disables_in_the_end(account):
    assert not isinstance(account.dialect, Batches)
    assert isinstance(account.dialect, Retells)
    assert isinstance(account.dialect, KnowsStrangers)
    assert patience_of(account.dialect).given_up_max == 3
