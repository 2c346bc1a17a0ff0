"""Which world a request belongs to, and what happens to one that belongs to none."""

import asyncio
from dataclasses import replace

import pytest

from badgateway.ground.records import changed

OTHER_KEY = "sk_test_of_the_second_player"


def arrive(lab, worlds, *asked):
    async def story():
        return [worlds.arrive(one).world for one in asked]

    return asyncio.run(story())


def test_a_request_is_found_by_its_api_key(lab):
    first, second = lab.a_world(), lab.a_world(key=OTHER_KEY, nonce="m")
    worlds = lab.worlds_of(first, second)
    form = {"amount": 500, "currency": "eur"}

    found = arrive(
        lab,
        worlds,
        lab.request("POST", "/v1/payment_intents", form),
        lab.request("POST", "/v1/payment_intents", form, key=OTHER_KEY),
    )

    assert [world is first for world in found] == [True, False]
    assert found[1] is second


def test_a_late_request_goes_to_the_closed_world_whose_object_it_names(lab):
    old = lab.a_world()
    (paid,) = lab.ask_now(old, lab.pay(old))
    new = lab.a_world(nonce="m")
    worlds = lab.worlds_of(old)
    worlds.close(old)
    worlds.open(new)

    found = arrive(
        lab,
        worlds,
        lab.request("GET", f"/v1/payment_intents/{paid.body['id']}"),
        lab.pay(old),
        lab.pay(new),
        lab.request("GET", "/v1/payment_intents"),
    )

    assert [world is old for world in found] == [True, True, False, False]
    assert found[2] is found[3] is new


def test_an_object_of_another_players_world_is_not_reached_with_ones_own_key(lab):
    mine, other = lab.a_world(), lab.a_world(key=OTHER_KEY, nonce="m")
    (paid,) = lab.ask_now(other, lab.pay(other, api_key=OTHER_KEY))

    mine.is_free = True
    heard = asyncio.run(
        lab.ask(lab.worlds_of(mine, other), lab.request("GET", f"/v1/payment_intents/{paid.body['id']}"))
    )

    assert heard.status == 404


def test_an_unknown_key_is_answered_and_told_to_every_play_that_is_on(lab):
    first, second = lab.a_world(), lab.a_world(key=OTHER_KEY, nonce="m")
    worlds = lab.worlds_of(first, second)

    async def story():
        return await lab.ask(worlds, lab.pay(first, api_key="sk_test_nobodys"))

    heard = asyncio.run(story())

    assert heard.status == 401
    assert [lab.told(world, "run.stray")[0]["path"] for world in (first, second)] == [
        "/v1/payment_intents",
        "/v1/payment_intents",
    ]
    assert lab.ledger(first) == lab.ledger(second) == lab.ledger(worlds.limbo) == []


def test_a_request_without_a_key_is_a_stray_too(lab, world):
    worlds = lab.worlds_of(world)
    bare = changed(lab.request("GET", "/v1/events"), headers=())

    (found,) = arrive(lab, worlds, bare)

    assert found is worlds.limbo
    assert len(lab.told(world, "run.stray")) == 1


def test_a_closed_play_is_told_of_no_stray(lab):
    world = lab.a_world()
    worlds = lab.worlds_of(world)
    worlds.close(world)

    arrive(lab, worlds, lab.request("GET", "/v1/events", key="sk_test_nobodys"))

    assert lab.told(world, "run.stray") == []


def test_the_dialects_name_as_a_prefix_is_taken_off_the_path(lab, world):
    plain = lab.pay(world)

    heard = lab.ask_now(world, changed(plain, path=f"/stripe{plain.path}"), plain)

    assert [one.status for one in heard] == [200, 200]
    assert [one["path"] for one in lab.told(world, "call.arrived")] == ["/v1/payment_intents"] * 2


def test_closing_a_world_lets_go_of_calls_that_are_still_parked(lab, world):
    async def story():
        worlds = lab.worlds_of(world)
        parked = asyncio.ensure_future(lab.ask(worlds, lab.pay(world)))
        await asyncio.sleep(0)
        was_parked = len(world.gates.parked())
        worlds.close(world)
        return was_parked, await parked

    was_parked, heard = asyncio.run(story())

    assert (was_parked, heard.status) == (1, 200)


def beside(lab, *, names=("m", "n")):
    """Give the board of two plays that share one integration and its key, and the plays."""
    worlds = [lab.a_world(nonce=name) for name in names]
    for world in worlds:
        world.is_free = True
    return lab.worlds_of(*worlds), *worlds


def test_plays_with_one_key_are_told_apart_by_order_reference_and_object_id(lab):
    worlds, first, second = beside(lab)

    async def story():
        paid = [await lab.ask(worlds, lab.pay(world)) for world in (first, second)]
        return [
            worlds.arrive(lab.request("GET", f"/v1/payment_intents/{one.body['id']}")).world for one in paid
        ]

    found = asyncio.run(story())

    assert found[0] is first
    assert found[1] is second
    assert len(lab.ledger(first)) == len(lab.ledger(second)) > 0
    assert lab.told(first, "run.stray") == lab.told(second, "run.stray") == []


def test_a_look_that_names_no_play_sees_the_objects_of_all_and_is_told_as_harmless(lab):
    worlds, first, second = beside(lab)

    async def story():
        paid = [await lab.ask(worlds, lab.pay(world)) for world in (first, second)]
        return paid, await lab.ask(worlds, lab.request("GET", "/v1/payment_intents"))

    paid, listed = asyncio.run(story())

    assert {one["id"] for one in listed.body["data"]} == {one.body["id"] for one in paid}
    for world in (first, second):
        assert [one["is_harmless"] for one in lab.told(world, "run.stray")] == [True]
        assert len(lab.told(world, "call.arrived")) == 1


def test_a_change_that_names_no_play_is_answered_and_is_no_plays(lab):
    worlds, first, second = beside(lab)
    form = {"amount": 500, "currency": "eur", "payment_method": "pm_card_visa", "confirm": "true"}

    async def story():
        made = await lab.ask(worlds, lab.request("POST", "/v1/payment_intents", form))
        return made, await lab.ask(worlds, lab.request("GET", "/v1/payment_intents"))

    made, listed = asyncio.run(story())

    assert made.status == 200
    assert listed.body["data"] == []
    assert lab.ledger(first) == lab.ledger(second) == []
    assert [one["is_harmless"] for one in lab.told(first, "run.stray")] == [False, True]


def test_a_leftover_of_a_play_that_is_over_is_told_and_blamed_on_nobody(lab):
    worlds, old, new = beside(lab)

    async def story():
        paid = await lab.ask(worlds, lab.pay(old))
        worlds.close(old)
        return await lab.ask(worlds, lab.request("GET", f"/v1/payment_intents/{paid.body['id']}"))

    heard = asyncio.run(story())

    assert heard.status == 200
    assert [one["is_harmless"] for one in lab.told(new, "run.stray")] == [True]
    assert lab.told(new, "call.arrived") == []


def test_a_page_for_shoppers_needs_no_key(lab):
    first, second = lab.a_world(), lab.a_world(key=OTHER_KEY, nonce="m")
    (paid,) = lab.ask_now(second, lab.pay(second, api_key=OTHER_KEY))
    page = lab.request("GET", "/3d_secure_2/hosted", {"payment_intent": paid.body["id"]}, key="")

    (of_second,) = arrive(lab, lab.worlds_of(first, second), page)
    (alone,) = arrive(lab, lab.worlds_of(first), page)

    assert of_second is second
    assert alone is first


@pytest.mark.parametrize("path", ["/sinkhole", "/settlements", "/triggers/x", "/otlp", "/sink_or_swim/x"])
def test_a_path_that_only_begins_like_one_of_ours_is_the_providers(lab, world, path):
    (told,) = lab.ask_now(world, lab.request("GET", path))

    assert (told.status, told.body["error"]["type"]) == (404, "invalid_request_error")
    assert lab.told(world, "call.arrived")[-1]["path"] == path


@pytest.mark.parametrize("orders", [0, 1, 2])
@pytest.mark.parametrize(
    "ids", [(None,), ("pi_known", None), ("pi_strange",), (None, "pi_known", "pi_strange")]
)
@pytest.mark.parametrize("place", [None, 0, 1])
def test_what_a_request_tells_of_its_order_is_told_at_once_as_one_by_one(lab, orders, ids, place):
    plan = lab.a_plan(orders=tuple(lab.order(f"o{n + 1}") for n in range(orders)))
    world = lab.a_world(plan)
    world.own("pi_known", "o2")
    world.strangers.add("pi_strange")
    references = [*world.orders]
    texts = (f"for {references[place]}",) if place is not None and place < orders else ("for nobody",)

    found = world.belonging(ids, texts)

    named = next((name for reference, name in world.orders.items() if reference in texts[0]), None)
    only = "o1" if orders == 1 else None
    owner = "o2" if "pi_known" in ids else None
    assert found.order == (None if "pi_strange" in ids else owner or named or only)
    assert found.is_known == world.knows(ids, texts) == bool(owner or named)
    assert found.is_named == world.names_order(texts) == bool(named)


@pytest.mark.parametrize("key", [None, OTHER_KEY])
def test_a_request_to_the_only_world_is_taken_as_beside_others(lab, key):
    def written(is_alone):
        world, asked = lab.a_world(), lab.a_world()
        worlds = lab.worlds_of(world)
        if not is_alone:
            worlds.closed.append(lab.a_world(lab.a_plan(orders=(lab.order("o9"),)), nonce="m"))
        paid = lab.pay(asked, api_key=key or lab.KEY)
        world.is_free = True
        for one in (paid, lab.request("GET", "/v1/payment_intents", key=key or lab.KEY)):
            asyncio.run(lab.ask(worlds, one))
        entries = [*world.journal.entries, *worlds.limbo.journal.entries]
        return [(entry.kind, entry.order, dict(entry.data)) for entry in entries]

    alone, beside = written(is_alone=True), written(is_alone=False)

    assert alone == beside
    assert {kind for kind, _, _ in alone} >= {"call.arrived", "call.answered"}


def test_a_world_without_a_story_says_whose_an_object_is_once_it_is_somebodys(lab):
    world = lab.a_world(replace(lab.a_plan(), orders=()))
    unknown = world.belonging(("pi_1",), ("o1",))
    world.own("pi_1", "o1")

    assert tuple(unknown) == (None, False, False)
    assert tuple(world.belonging(("pi_1",), ())) == ("o1", True, False)
    assert (world.order_of(("pi_1",)), world.owner("pi_1")) == ("o1", "o1")
