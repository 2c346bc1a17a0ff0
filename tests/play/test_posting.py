"""One delivery: how it is signed, what counts as delivered, and what is sent again."""

import asyncio

import pytest
import stripe

from badgateway.play.posting import conclude, pack, post, settle
from badgateway.providers.base import WireEvent
from badgateway.webhooks.deliver import Receipt
from badgateway.webhooks.outbox import Item

BODY = b'{"id": "evt_1", "object": "event", "type": "payment_intent.succeeded", "data": {"object": {}}}'


def item(**changes):
    event = WireEvent("evt_1", "payment.succeeded", "payment_intent.succeeded", BODY, "pi_1", None)
    return Item(event, "o1", 1, 1, 0, **changes)


def opened(lab, parcel):
    """Open a parcel as the official SDK does; give its event, or the reason why it is refused."""
    headers = dict(parcel.headers)
    try:
        return stripe.Webhook.construct_event(parcel.body, headers.get("Stripe-Signature"), lab.SECRET).id
    except (stripe.SignatureVerificationError, AttributeError) as refused:
        return type(refused).__name__


@pytest.mark.parametrize("signature", ["ok", "rotated"])
def test_a_genuine_signature_is_accepted_by_the_sdk(lab, world, signature):
    parcel = pack(world, item(signature=signature), 1)

    assert opened(lab, parcel) == "evt_1"
    assert parcel.body == BODY


@pytest.mark.parametrize("signature", ["garbage", "other_tenant", "stale"])
def test_an_attackers_signature_is_refused_by_the_sdk(lab, world, signature):
    parcel = pack(world, item(signature=signature, kind="forged"), 1)

    assert opened(lab, parcel) == "SignatureVerificationError"


@pytest.mark.parametrize(
    ("by_ms", "verdict"), [(-240_000, "evt_1"), (240_000, "evt_1"), (-360_000, "SignatureVerificationError")]
)
def test_a_clock_that_is_off_signs_with_its_own_moment(lab, by_ms, verdict):
    skewed = lab.a_world(lab.a_plan(faults=(lab.fault("*", "before_commit", "skew", by=by_ms),)))

    parcel = pack(skewed, item(), 1)

    assert opened(lab, parcel) == verdict
    assert lab.told(skewed, "webhook.sent")[0]["skew_ms"] == by_ms


def test_no_signature_means_no_header(world):
    parcel = pack(world, item(signature="none", kind="forged"), 1)

    assert "Stripe-Signature" not in dict(parcel.headers)


def test_copies_after_the_first_are_duplicates_and_attempts_after_the_first_are_not(lab, world):
    sent, retried = item(copies=2), item(attempt=2, delivered=1)

    for one, copy in ((sent, 1), (sent, 2), (retried, 1)):
        pack(world, one, copy)

    assert [one["class"] for one in lab.told(world, "webhook.sent")] == ["genuine", "duplicate", "genuine"]


@pytest.mark.parametrize(("status", "is_taken"), [(200, True), (204, True), (302, False), (500, False)])
def test_any_2xx_counts_as_delivered(world, status, is_taken):
    default, shaped = item(), item(delivery=1)
    settle(world, default, Receipt("delivery1", status, 1.0))

    assert (default.is_answered_well, world.delivered) == (is_taken, set()), "nobody will ask for its names"
    settle(world, shaped, Receipt("delivery2", status, 1.0))
    assert ("o1.payment.succeeded[1]" in world.delivered) == is_taken


@pytest.mark.parametrize("kind", ["forged", "foreign", "stale"])
def test_a_2xx_to_a_forgery_delivers_nothing(world, kind):
    settle(world, item(kind=kind), Receipt("delivery1", 200, 1.0))

    assert world.delivered == set()


def test_no_answer_is_no_delivery_and_leads_to_the_next_attempt(lab, world):
    one = item()

    settle(world, one, Receipt("delivery1", None, 1.0, "no answer in time"))
    conclude(world, one)

    assert (one.attempt, world.outbox.items) == (2, [one])
    assert lab.told(world, "webhook.answered")[0]["problem"] == "no answer in time"


@pytest.mark.parametrize(
    ("kind", "signature"), [("forged", "none"), ("stale", "stale"), ("foreign", "other_tenant")]
)
def test_an_attacker_does_not_try_again(world, kind, signature):
    conclude(world, item(kind=kind, signature=signature))

    assert world.outbox.items == []


def test_a_strangers_event_is_the_providers_own_and_tried_again(world):
    one = item(kind="foreign")

    settle(world, one, Receipt("delivery1", 404, 1.0))
    conclude(world, one)

    assert (one.attempt, world.outbox.items) == (2, [one])


def test_a_strangers_event_that_is_accepted_is_over_and_tells_nothing_of_ours(world):
    one = item(kind="foreign")

    settle(world, one, Receipt("delivery1", 200, 1.0))
    conclude(world, one)

    assert (world.outbox.items, world.delivered) == ([], set())


def test_what_went_to_another_endpoint_is_not_tried_again(world):
    one = item(kind="foreign", to="backoffice")

    settle(world, one, Receipt("delivery1", 500, 1.0))
    conclude(world, one)

    assert world.outbox.items == []


def test_what_waits_for_a_lost_event_need_not_wait_any_longer(lab, world):
    last = item(attempt=len(world.dialect.retry_ladder_ms) + 1, delivery=1)

    conclude(world, last)

    assert [one["why"] for one in lab.told(world, "webhook.lost")] == ["exhausted"]
    assert "o1.payment.succeeded[1]" in world.delivered


def test_a_burst_is_one_barrier_and_every_copy_is_answered(lab):
    async def story():
        async with lab.on_stage(lab.a_plan()) as (stage, _, hook):
            await post(stage, item(copies=3, how="at_once"))
            return stage.world, hook

    world, hook = asyncio.run(story())

    barriers = lab.told(world, "run.barrier")
    assert len(hook.bodies) == 3
    assert [(one["strength"], one["is_achieved"]) for one in barriers] == [
        ("gate", False),
        ("last_byte", True),
    ]
    assert [one["status"] for one in lab.told(world, "webhook.answered")] == [200] * 3
