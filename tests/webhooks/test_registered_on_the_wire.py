"""Endpoints that an integration registers when it starts: told on the wire, retried, given up."""

import json

import stripe

TYPE = "charge.succeeded"


def _elsewhere(played):
    return [hook for hook in played.webhooks if hook.head.startswith("POST /elsewhere")]


def _secret(tmp_path):
    notes = (tmp_path / "run" / "integration1" / "wire.ndjson").read_text().splitlines()
    return next(one["secret"] for one in map(json.loads, notes) if one["what"] == "registered")


def test_what_was_registered_at_the_start_is_told_in_every_play(play, tmp_path):
    played = play(REGISTER=TYPE)

    (told,) = _elsewhere(played)
    assert told.type == TYPE
    stripe.WebhookSignature.verify_header(told.body.decode(), told.signature, _secret(tmp_path))
    own = [hook for hook in played.webhooks if hook.event == told.event and hook is not told]
    assert [hook.head for hook in own] == ["POST /hook HTTP/1.1"]
    (sent,) = played.journal("webhook.sent", to="registered endpoint 1")
    assert (sent.data["class"], sent.data["event"], sent.data["attempt"]) == ("genuine", told.event, 1)


def test_what_a_registered_endpoint_refuses_climbs_its_own_ladder(play):
    played = play(REGISTER=TYPE, ELSEWHERE="500")

    sent = played.journal("webhook.sent", to="registered endpoint 1")
    assert [entry.data["attempt"] for entry in sent] == list(range(1, 11))
    assert len(played.journal("webhook.lost", why="exhausted")) == 1
    assert {entry.data["attempt"] for entry in played.journal("webhook.sent", to=None)} == {1}
    assert played.journal("webhook.disabled") == []


def test_a_registered_endpoint_that_refuses_three_events_is_disabled_alone(play):
    played = play(steps=("pay: o1", "refund: {order: o1, amount: 1}"), REGISTER="*", ELSEWHERE="500")

    lost = [entry.data["why"] for entry in played.journal("webhook.lost")]
    assert len(played.journal("webhook.disabled")) == 1
    assert lost[:3] == ["exhausted"] * 3
    assert set(lost[3:]) == {"disabled"}
    assert len(played.journal("webhook.sent", to=None)) == len(played.journal("event.created"))


def test_an_address_that_is_registered_and_configured_is_told_once_and_knows_either_secret(play, tmp_path):
    played = play(REGISTER=TYPE, REGISTER_AT="/hook")

    (told,) = played.webhooks
    assert told.type == TYPE
    for secret in (played.secret, _secret(tmp_path)):
        stripe.WebhookSignature.verify_header(told.body.decode(), told.signature, secret)
