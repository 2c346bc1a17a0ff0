"""New ids, strangers, other endpoints, batches, resends and disabled endpoints, on real sockets."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
import stripe

from badgateway.errors import InputError
from badgateway.ground import ability
from badgateway.providers.stripe.dialect import Stripe

SUCCEEDED, REFUNDED = "payment.succeeded", "refund.succeeded"
TYPE = "payment_intent.succeeded"
DAY_MS = 86_400_000
PAY_AND_REFUND = ("pay: o1", "refund: o1")


def read(hook, secret):
    """Read a webhook as the provider's own library does; raises where it does not verify."""
    return stripe.Webhook.construct_event(hook.body, hook.signature, secret)


def told(body):
    """Give the content of an event without what tells it apart from another one about the same fact."""
    return {name: value for name, value in json.loads(body).items() if name != "id"}


@pytest.mark.parametrize("how", ["in_turn", "at_once"])
def test_the_same_fact_comes_under_ids_of_its_own(play, how):
    played = play(f'{{event: "payment.succeeded[1]", as: new_id, copies: 3, how: {how}}}')

    hooks = [hook for hook in played.webhooks if hook.type == TYPE]
    sent = played.journal("webhook.sent", name=SUCCEEDED)

    assert len({read(hook, played.secret).id for hook in hooks}) == 3
    assert [told(hook.body) for hook in hooks] == [told(hooks[0].body)] * 3
    assert [entry.data["class"] for entry in sent] == ["genuine", "duplicate", "duplicate"]
    assert [entry.data["retells"] for entry in sent] == [None, sent[0].data["event"], sent[0].data["event"]]


def test_a_new_id_alone_means_once_more(play):
    played = play('{event: "payment.succeeded[1]", as: new_id}')

    assert len({hook.event for hook in played.webhooks if hook.type == TYPE}) == 2


def test_strangers_events_are_signed_as_they_should_be_and_about_payments_of_nobody_here(play):
    played = play(
        '{event: "payment.succeeded[1]", from: stranger, copies: 4}', card="authentication_required"
    )

    payments = {read(hook, played.secret).data.object.id for hook in played.got(SUCCEEDED)}
    sent = played.journal("webhook.sent", name=SUCCEEDED)

    assert len(payments) == 4
    assert payments.isdisjoint(entry.data["payment"] for entry in played.journal("event.created"))
    assert [(entry.order, entry.data["class"], entry.data["signature"]) for entry in sent] == [
        (None, "foreign", "ok")
    ] * 4
    assert sent[-1].seq < played.journal("view.read", after="final")[0].seq


def test_strangers_tell_of_other_things_too(play):
    played = play('{event: "stripe:invoice.finalized[1]", from: stranger}')

    (hook,) = [hook for hook in played.webhooks if hook.type == "invoice.finalized"]

    assert read(hook, played.secret).data.object.object == "invoice"


def test_an_event_also_goes_to_another_endpoint_as_it_is(play):
    played = play('{event: "payment.succeeded[1]", to: elsewhere}')

    own, other = played.got(SUCCEEDED)
    classes = [entry.data["class"] for entry in played.journal("webhook.sent", name=SUCCEEDED)]

    assert (own.head, other.head) == ("POST /hook HTTP/1.1", "POST /elsewhere HTTP/1.1")
    assert own.body == other.body
    assert classes == ["genuine", "foreign"]


def test_an_endpoint_that_nobody_has_leaves_the_run_unproven(play):
    played = play('{event: "payment.succeeded[1]", to: nowhere}')

    (skipped,) = played.journal("run.skipped")

    assert "'nowhere'" in skipped.data["why"]
    assert len(played.got(SUCCEEDED)) == 1


def test_at_the_deadline_an_event_is_sent_again_while_the_first_copy_is_worked_on(play):
    played = play('{event: "payment.succeeded[1]", resend: at_deadline}', LOOKS_AT=TYPE)

    first, second = sorted(played.got(SUCCEEDED), key=lambda hook: hook.begun)
    sent = played.journal("webhook.sent", name=SUCCEEDED)
    deliveries = [entry.data["delivery"] for entry in sent]
    answers = [
        entry.data["status"]
        for one in deliveries
        for entry in played.journal("webhook.answered", delivery=one)
    ]

    assert second.begun < first.answered
    assert second.others == 1
    assert first.body == second.body
    assert [entry.data["attempt"] for entry in sent] == [1, 2]
    assert sent[1].at_ms - sent[0].at_ms >= 10_000
    assert answers == [None, 200]
    assert [entry.data["is_achieved"] for entry in played.journal("run.barrier")] == [True]


def test_whoever_answers_before_the_deadline_is_not_sent_it_again(play):
    played = play('{event: "payment.succeeded[1]", resend: at_deadline}')

    assert len(played.got(SUCCEEDED)) == 1
    assert [entry.data["is_achieved"] for entry in played.journal("run.barrier")] == [False]


def test_a_refused_resend_climbs_the_ladder_from_its_second_rung(play):
    played = play(
        '{event: "payment.succeeded[1]", resend: at_deadline}', LOOKS_AT=TYPE, ANSWERS="500 500 200"
    )

    sent = played.journal("webhook.sent", name=SUCCEEDED)

    assert [entry.data["attempt"] for entry in sent] == [1, 2, 3]
    assert sent[2].at_ms - sent[1].at_ms >= DAY_MS // 12


def test_an_endpoint_that_refuses_three_events_to_the_last_is_told_nothing_more(play):
    played = play(
        '{event: "payment.succeeded[1]", from: stranger, copies: 3}',
        steps=("pay: o1", "advance: 4d", "refund: o1"),
        ANSWERS="500",
    )

    (disabled,) = played.journal("webhook.disabled")
    lost = [entry for entry in played.journal("webhook.lost", why="disabled") if entry.order == "o1"]

    assert disabled.data["given_up"] == 3
    assert played.got(REFUNDED) == []
    assert {entry.data["name"] for entry in lost} >= {REFUNDED}
    assert played.journal("webhook.sent")[-1].seq < disabled.seq


def test_an_endpoint_that_refuses_for_a_while_stays_in_use(play):
    played = play(steps=("pay: o1", "advance: 4d", "refund: o1"), ANSWERS="500 500 200")

    assert played.journal("webhook.disabled") == []
    assert len(played.got(REFUNDED)) == 3


BATCH = '{event: "payment.succeeded[1]", batch: ["refund.succeeded[1]", "stripe:charge.succeeded[1]"]}'


@pytest.fixture
def batching(monkeypatch):
    """Let the provider of this test put events into a list, as some providers do."""

    def batch(_dialect, events):
        found = [json.loads(event.body) for event in events]
        return json.dumps({"id": found[0]["id"], "type": "batch", "items": found}).encode()

    monkeypatch.setattr(Stripe, "batch", batch, raising=False)
    monkeypatch.setattr(ability, "_known", {})  # what a class offers is looked up once, and this one learns


@pytest.mark.usefixtures("batching")
def test_a_batch_is_one_signed_request_with_all_its_events(play):
    played = play(BATCH, steps=PAY_AND_REFUND)

    (hook,) = [hook for hook in played.webhooks if hook.type == "batch"]
    types = {event["type"] for event in json.loads(hook.body)["items"]}
    sent = [
        entry.data for entry in played.journal("webhook.sent") if entry.data["event"] in hook.body.decode()
    ]

    assert read(hook, played.secret)
    assert types == {TYPE, "charge.refunded", "charge.succeeded"}
    assert types.isdisjoint(other.type for other in played.webhooks if other is not hook)
    assert [one["request"] for one in sent] == [None, sent[0]["delivery"], sent[0]["delivery"]]
    assert [
        entry.data["status"]
        for one in sent
        for entry in played.journal("webhook.answered", delivery=one["delivery"])
    ] == [200] * 3


@pytest.mark.usefixtures("batching")
def test_a_refused_batch_is_sent_again_as_a_whole(play):
    played = play(BATCH, steps=PAY_AND_REFUND, ANSWERS="503 200")

    hooks = [hook for hook in played.webhooks if hook.type == "batch"]

    assert [hook.status for hook in hooks] == [503, 200]
    assert all(before.body == after.body for before, after in pairwise(hooks))


@pytest.mark.usefixtures("batching")
def test_a_batch_whose_other_event_never_comes_is_sent_without_it(play):
    played = play('{event: "payment.succeeded[1]", batch: ["payment.failed[1]"]}')

    assert [hook.type for hook in played.got(SUCCEEDED)] == [TYPE]
    assert [entry.data["is_achieved"] for entry in played.journal("run.barrier")] == [False]


def test_a_provider_without_batches_says_so_before_anything_is_played(play):
    with pytest.raises(InputError, match=r"stripe sends one event in each request; `batch` is for: "):
        play(BATCH, steps=PAY_AND_REFUND)


def test_an_event_comes_at_the_same_moment_as_an_operation(play):
    played = play('{event: "payment.succeeded[1]", with: refund}', steps=PAY_AND_REFUND)

    (asked,), (returned,) = (
        [entry for entry in played.journal(kind) if entry.data["do"] == "refund"]
        for kind in ("op.invoked", "op.returned")
    )
    (sent,) = played.journal("webhook.sent", name=SUCCEEDED)

    assert len(played.got(SUCCEEDED)) == 1
    assert asked.seq < returned.seq
    assert sent.seq < returned.seq


def test_the_process_is_killed_when_it_has_acknowledged_and_lives_again(play):
    played = play('{event: "payment.succeeded[1]", then: kill}')

    (answered,) = [
        entry
        for sent in played.journal("webhook.sent", name=SUCCEEDED)
        for entry in played.journal("webhook.answered", delivery=sent.data["delivery"])
    ]
    (killed,), (started,) = played.journal("process.killed"), played.journal("process.started")

    assert answered.data["status"] == 200
    assert answered.seq < killed.seq < started.seq
