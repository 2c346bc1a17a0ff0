"""Two providers in one world: each with its own account, dialect, keys and webhooks, and one ledger."""

import asyncio
import hmac
import json
from base64 import b64encode

import pytest

from badgateway.ground.message import Request
from badgateway.plan.model import PlannedFault, Selector, Step
from badgateway.play.acts import act
from badgateway.play.joining import join
from badgateway.play.posting import pack
from badgateway.play.settling import adjust, pay_out, settle
from badgateway.play.telling import keys
from badgateway.play.values import cards_of
from badgateway.providers import DIALECTS
from badgateway.providers.adyen.signing import hmac_key
from badgateway.providers.base import Endpoint

ADYEN_KEY, ADYEN_SECRET = "sk_test_of_the_second_provider", "whsec_of_the_second_provider"
ADYEN_PLACE = "http://127.0.0.1:9/adyen/hook"


def two(lab, *faults, deliveries=()):
    plan = lab.a_plan(route=("stripe", "adyen"), faults=faults, deliveries=deliveries)
    world = lab.a_world(plan)
    join(world, DIALECTS["adyen"], ADYEN_KEY, Endpoint(ADYEN_PLACE, ADYEN_SECRET))
    return world


def at_adyen(world, key=ADYEN_KEY, prefix="/adyen", idem="key 1"):
    plan = world.plan.order("o1")
    body = {
        "amount": {"value": plan.amount_minor, "currency": plan.currency},
        "merchantAccount": DIALECTS["adyen"].settings("", key, "x")["merchant_account"],
        "paymentMethod": DIALECTS["adyen"].cards["approved"],
        "reference": world.reference("o1"),
        "returnUrl": "https://shop.example/back",
    }
    if isinstance(body["paymentMethod"], str):
        body["paymentMethod"] = {"type": "scheme", "storedPaymentMethodId": body["paymentMethod"]}
    headers = (("X-API-Key", key), ("Content-Type", "application/json"), ("Idempotency-Key", idem))
    return Request("POST", f"{prefix}/v71/payments", "", headers, json.dumps(body).encode())


def test_each_provider_takes_its_own_calls_and_both_move_money_in_one_ledger(lab):
    world = two(lab)

    first, second = lab.ask_now(world, lab.pay(world), at_adyen(world))

    assert (first.status, first.body["status"]) == (200, "succeeded")
    assert (second.status, second.body["resultCode"]) == (200, "Authorised")
    arrived = lab.told(world, "call.arrived")
    assert [(one["provider"], one["op"], one["n"]) for one in arrived] == [
        ("stripe", "charge", 1),
        ("adyen", "charge", 2),
    ]
    entries = lab.told(world, "ledger.entry")
    assert {one["kind"] for one in entries} >= {"auth", "capture"}
    assert len({one["payment"] for one in entries if one["payment"]}) == 2
    assert [one["seq"] for one in entries] == list(range(1, len(entries) + 1))
    assert len(world.accounts) == 2
    assert all(len(account.book.payments()) == 1 for account in world.accounts)


def test_a_key_of_one_provider_opens_nothing_at_the_other(lab):
    world = two(lab)

    (refused,) = lab.ask_now(world, at_adyen(world, key=lab.KEY))

    assert refused.status == 401
    assert lab.told(world, "ledger.entry") == []


def test_without_a_prefix_the_key_tells_which_provider_is_called(lab):
    world = two(lab)

    (paid,) = lab.ask_now(world, at_adyen(world, prefix=""))

    assert paid.body["resultCode"] == "Authorised"


@pytest.mark.parametrize(
    ("at", "struck"),
    [
        (Selector("charge", 1, "o1"), [True, False]),
        (Selector("charge", 2, "o1"), [False, True]),
        (Selector("charge", 1, "o1", "adyen"), [False, True]),
        (Selector("charge", 2, "o1", "adyen"), [False, False]),
        (Selector("*", None, None, "stripe"), [True, False]),
        (Selector("charge", 1, "o1", "adyen", "euler"), [False, False]),
    ],
)
def test_a_fault_strikes_at_the_provider_that_it_names_and_counts_there(lab, at, struck):
    world = two(lab, PlannedFault(1, at, "after_commit", "close"))

    heard = lab.ask_now(world, lab.pay(world), at_adyen(world))

    assert [one.status is None for one in heard] == struck


def test_each_provider_tells_its_own_door_and_signs_with_its_own_secret(lab):
    world = two(lab)
    lab.ask_now(world, lab.pay(world), at_adyen(world))

    sent = {}
    for item in world.outbox.items:
        parcel = pack(world, item, 1)
        sent.setdefault(parcel.url, []).append((item, parcel))

    assert set(sent) == {lab.NOWHERE, ADYEN_PLACE}
    assert all(dict(parcel.headers).get("Stripe-Signature") for _, parcel in sent[lab.NOWHERE])
    told = [json.loads(parcel.body) for _, parcel in sent[ADYEN_PLACE]]
    first = told[0]["notificationItems"][0]["NotificationRequestItem"]
    assert first["eventCode"] == "AUTHORISATION"
    signature = first["additionalData"]["hmacSignature"]
    assert signature == signed(first, hmac_key(ADYEN_SECRET))


def signed(item, key):
    """Sign a notification as Adyen's documentation says, without the code under test."""
    names = ("pspReference", "originalReference", "merchantAccountCode", "merchantReference")
    amount = (str(item["amount"]["value"]), item["amount"]["currency"])
    text = ":".join([*(item.get(name, "") for name in names), *amount, item["eventCode"], item["success"]])
    return b64encode(hmac.digest(bytes.fromhex(key), text.encode(), "sha256")).decode()


def test_an_event_is_counted_over_all_providers_and_at_its_own(lab):
    world = two(lab)
    lab.ask_now(world, lab.pay(world), at_adyen(world))

    named = {item.event.wire_type: keys(item, world) for item in world.outbox.items if item.event.name}

    assert "o1.payment.succeeded[1]" in named["payment_intent.succeeded"]
    assert "stripe:payment.succeeded[1]" in named["payment_intent.succeeded"]
    assert named["AUTHORISATION"] == (
        "o1.payment.succeeded[2]",
        "adyen:AUTHORISATION[1]",
        "adyen:payment.succeeded[1]",
    )


def test_a_delivery_is_meant_for_the_provider_that_it_names(lab):
    lost = lab.delivery("adyen:payment.succeeded[1]", is_lost=True)
    world = two(lab, deliveries=(lost,))

    lab.ask_now(world, lab.pay(world), at_adyen(world))

    (gone,) = lab.told(world, "webhook.lost")
    told = {one["event"]: one["wire_type"] for one in lab.told(world, "event.created")}
    assert told[gone["event"]] == "AUTHORISATION"
    assert "payment_intent.succeeded" in {item.event.wire_type for item in world.outbox.items}


def test_a_call_of_an_orchestrator_is_counted_by_itself_and_struck_only_by_name(lab):
    at = Selector("charge", 1, "o1", "adyen", "euler")
    world = two(lab, PlannedFault(1, at, "after_commit", "close"))

    async def story():
        hop = await lab.ask(lab.worlds_of(world), at_adyen(world), by="euler")
        return hop, await lab.ask(lab.worlds_of(world), lab.pay(world))

    world.is_free = True
    hop, own = asyncio.run(story())

    assert (hop.status, own.status) == (None, 200)
    assert [(one["by"], one["n"]) for one in lab.told(world, "call.arrived")] == [("euler", 1), (None, 1)]


def test_what_a_bank_does_is_done_where_the_money_is(lab):
    world = two(lab)
    lab.ask_now(world, at_adyen(world))

    async def story():
        async with lab.on_stage(world.plan) as (stage, _, _):
            stage.world = world
            for do in ("refund_from_dashboard", "fail_refund", "dispute"):
                act(stage, Step(1, do, "o1"))

    asyncio.run(story())

    assert [one["kind"] for one in lab.told(world, "ledger.entry")][2:] == [
        "refund",
        "refund_fail",
        "dispute_open",
    ]
    assert lab.told(world, "run.skipped") == []


def test_what_stands_for_a_card_is_told_for_each_provider_of_a_route(lab):
    world = two(lab)

    told = cards_of(world, "approved")

    assert told == {name: DIALECTS[name].cards["approved"] for name in ("stripe", "adyen")}
    assert cards_of(lab.a_world(), "approved") is None


def test_an_account_of_an_orchestrator_is_called_by_it_and_tells_the_integration_nothing(lab):
    world = lab.a_world(lab.a_plan(route=("stripe", "adyen")))
    join(world, DIALECTS["adyen"], ADYEN_KEY, None).held_by = "euler"

    lab.ask_now(world, at_adyen(world), lab.pay(world))

    assert [(one["by"], one["n"]) for one in lab.told(world, "call.arrived")] == [("euler", 1), (None, 1)]
    named = [(one["name"], one["n"]) for one in lab.told(world, "event.created") if one["name"]]
    assert named == [("payment.succeeded", 1), ("payment.succeeded", 1)]
    assert {item.provider for item in world.outbox.items} == {""}


def settled(lab, *steps):
    """Let both providers take the money of the order once, then settle; give payouts by their provider."""
    world = two(lab)
    world.is_free = True

    async def story():
        async with lab.on_stage(world.plan) as (stage, _, _):
            stage.world = world
            await lab.ask(lab.worlds_of(world), lab.pay(world))
            await lab.ask(lab.worlds_of(world), at_adyen(world))
            for do, step in steps:
                await do(stage, step)

    asyncio.run(story())
    return world, {one.dialect.name: one.book.settlement for one in world.accounts}


SETTLE, PAYOUT = (settle, Step(2, "settle")), (pay_out, Step(3, "payout"))


def test_every_provider_settles_and_pays_out_what_it_took(lab):
    world, found = settled(lab, SETTLE, PAYOUT)

    assert {name: [one.amount_minor for one in own.payouts()] for name, own in found.items()} == {
        "stripe": [4_899],
        "adyen": [4_899],
    }
    assert len(lab.told(world, "settlement.report")) == 2
    assert not lab.told(world, "run.skipped")


def test_one_provider_alone_settles_where_the_step_says_so(lab):
    there = (settle, Step(2, "settle", provider="adyen")), (pay_out, Step(3, "payout", provider="adyen"))

    _, found = settled(lab, *there)

    assert {name: len(own.payouts()) for name, own in found.items()} == {"stripe": 0, "adyen": 1}


def test_a_flaw_of_no_order_strikes_one_line_of_one_provider(lab):
    world, _ = settled(lab, (settle, Step(2, "settle", flaw="missing")), PAYOUT)

    assert sorted(str(line["flaw"]) for line in lab.told(world, "settlement.line")) == ["None", "missing"]


def test_an_adjustment_is_the_first_providers_unless_it_names_another(lab):
    taken = {"do": "adjust", "amount_minor": 300, "currency": "EUR", "reason": "charge"}

    _, first = settled(lab, (adjust, Step(2, **taken)))
    _, other = settled(lab, (adjust, Step(2, **taken, provider="adyen")))

    assert {name: len(own.lines()) for name, own in first.items()} == {"stripe": 1, "adyen": 0}
    assert {name: len(own.lines()) for name, own in other.items()} == {"stripe": 0, "adyen": 1}


def test_a_provider_where_nothing_is_left_is_a_missed_step(lab):
    nothing = (settle, Step(3, "settle", provider="adyen"))

    world, _ = settled(lab, SETTLE, nothing)

    assert [one["why"] for one in lab.told(world, "run.skipped")] == ["nothing has moved"]
