"""Canaries are let in by three doors, journalled without their value, and looked for."""

import asyncio
import json

from badgateway.ground.message import Reply, Request
from badgateway.integration.watch import Watch
from badgateway.plan.model import Step
from badgateway.play.planting import card_values, plant, spoken, with_canary, with_cert_url
from badgateway.play.steps import take
from badgateway.play.values import order_values


def a_world(lab, *doors):
    return lab.a_world(lab.a_plan(canary=doors))


def test_every_play_lets_in_its_secrets_and_a_trap(lab):
    world = a_world(lab)

    plant(world, Watch())

    assert [one["canary"] for one in lab.told(world, "run.canary")] == [
        "trap address",
        "API key",
        "webhook secret",
    ]


def test_a_story_adds_its_doors(lab):
    world = a_world(lab, "card", "provider")

    plant(world, Watch())

    doors = {one["door"] for one in lab.told(world, "run.canary")}
    assert doors == {"trap", "card", "provider", "secret"}


def test_no_value_is_journalled_even_when_it_is_found(lab):
    world, watch = a_world(lab, "card", "provider"), Watch()
    plant(world, watch)
    known = world.canaries

    watch.look("log", f"{known.number} cvc={known.code} {known.told} {lab.KEY} {lab.SECRET}")

    kept = json.dumps([dict(one.data) for one in world.journal.entries])
    assert len(lab.told(world, "canary.seen")) == 5
    assert not any(
        value in kept for value in (known.number, known.told, lab.KEY, lab.SECRET, f"cvc={known.code}")
    )


def test_the_shopper_types_what_is_looked_for(lab):
    world = a_world(lab, "card")

    assert card_values(world)["card.number"] == world.canaries.number
    assert set(card_values(world)) == {"card.number", "card.cvc", "card.month", "card.year"}


def test_a_refusal_quotes_the_card_where_the_story_asks_for_it(lab):
    refusal = Reply(402, b'{"error": {"message": "Declined.", "code": "x"}}')
    loud, quiet = a_world(lab, "provider"), a_world(lab)

    told = json.loads(with_canary(loud, refusal).body)["error"]

    assert loud.canaries.told in told["message"]
    assert told["code"] == "x"
    assert with_canary(quiet, refusal) == refusal
    assert with_canary(loud, Reply(200, b'{"message": "x"}')).body == b'{"message": "x"}'


def test_only_texts_for_people_are_filled_in_an_event(lab):
    world = a_world(lab, "provider")

    said = json.loads(spoken(world, b'{"id": "evt_1", "object": {"description": null, "amount": 5}}'))

    assert said["id"] == "evt_1"
    assert said["object"]["amount"] == 5
    assert world.canaries.told in said["object"]["description"]
    assert spoken(world, b"no JSON") == b"no JSON"


def test_the_trap_is_named_where_a_signature_is(lab):
    world = a_world(lab)
    world.home = "http://127.0.0.1:1"

    headers = dict(with_cert_url((("Stripe-Signature", "t=1,v1=2"),), world))

    url = f"http://127.0.0.1:1{world.canaries.trap}"
    assert headers == {"Stripe-Signature": f"t=1,v1=2,x5u={url}", "Signature-Cert-Url": url}


def test_whoever_asks_the_trap_is_seen(lab):
    world, watch = a_world(lab), Watch()
    plant(world, watch)

    async def story():
        call = lab.worlds_of(world).arrive(Request("GET", world.canaries.trap))
        assert await call.admit() is None
        return await call.release(call.commit())

    effect = asyncio.run(story())

    assert effect.reply.status == 200
    assert [one["place"] for one in lab.told(world, "canary.seen")] == ["outbound request"]


def test_an_address_beside_the_trap_catches_nobody(lab):
    world, watch = a_world(lab), Watch()
    plant(world, watch)

    lab.worlds_of(world).arrive(Request("GET", "/trap/of-nobody"))

    assert lab.told(world, "canary.seen") == []


def test_a_secret_in_the_address_of_a_provider_call_is_seen(lab):
    world, watch = a_world(lab), Watch()
    plant(world, watch)

    async def story():
        lab.worlds_of(world).arrive(lab.request("GET", "/v1/payment_intents", {"key": lab.KEY}))

    asyncio.run(story())

    assert [(one["canary"], one["place"]) for one in lab.told(world, "canary.seen")] == [("API key", "URL")]


def paid_with_a_typed_card(lab, *operations):
    """Pay an order whose shopper types a card; gives what was asked of the shop, and the world."""

    async def story():
        async with lab.on_stage(lab.a_plan(canary=("card",)), lab.describe(*operations)) as (stage, shop, _):
            await take(stage, Step(1, "pay", "o1"))
            return shop.operated, stage.world

    return asyncio.run(story())


def test_a_typed_card_goes_in_before_the_payment(lab):
    operated, _ = paid_with_a_typed_card(lab, "card")

    assert operated == ["card", "pay"]


def test_a_checkout_without_a_card_field_is_passed_over(lab):
    operated, world = paid_with_a_typed_card(lab)

    assert operated == []
    assert [one["why"] for one in lab.told(world, "run.skipped")] == [
        "badgateway.yaml describes no operation 'card'"
    ]


def test_what_the_card_field_gave_stands_for_the_card(lab):
    async def story():
        async with lab.on_stage(lab.a_plan()) as (stage, _, _):
            plain = order_values(stage, "o1")["order.card"]
            stage.captured["o1"] = {"card": "pm_typed"}
            return plain, order_values(stage, "o1")["order.card"]

    assert asyncio.run(story()) == ("pm_card_visa", "pm_typed")
