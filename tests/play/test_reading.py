"""Looks: how things stand, how they stood before, and lists that come page by page."""

from __future__ import annotations

import asyncio

PATH = "/v1/payment_intents"


def asked(lab, faults, *, orders=("o1",), looks=()):
    """Pay each order, then look; gives what the looks showed, and the world."""
    plan = lab.a_plan(faults=faults, orders=tuple(lab.order(name) for name in orders))
    world = lab.a_world(plan)
    world.is_free = True

    async def story():
        board = lab.worlds_of(world)
        paid = [(await lab.ask(board, lab.pay(world, name))).body for name in orders]
        return [await lab.ask(board, look(paid)) for look in looks]

    return asyncio.run(story()), world


def fetch(lab, place=0):
    return lambda paid: lab.request("GET", f"{PATH}/{paid[place]['id']}")


def listed(lab, **params):
    return lambda _paid: lab.request("GET", PATH, params)


def test_a_look_shows_the_payment_before_its_newest_change(lab):
    lag = lab.fault("o1.fetch[1]", "before_commit", "lag", behind=1)

    (old, true), world = asked(lab, (lag,), looks=(fetch(lab), fetch(lab)))

    assert (old.status, old.body["status"], old.body["amount_received"]) == (200, "requires_confirmation", 0)
    assert (true.body["status"], true.body["amount_received"]) == ("succeeded", 4999)
    looks = [one for one in lab.told(world, "call.committed") if not one["is_applied"]]
    assert [one["is_old"] for one in looks] == [True, None]
    assert [one["payment_status"] for one in looks] == ["new", "succeeded"]


def test_a_payment_that_was_not_there_yet_is_not_found(lab):
    lag = lab.fault("o1.fetch[*]", "before_commit", "lag", behind=2)

    (missing,), world = asked(lab, (lag,), looks=(fetch(lab),))

    assert (missing.status, missing.body["error"]["code"]) == (404, "resource_missing")
    (fired,) = lab.told(world, "fault.fired")
    assert (fired["do"], fired["phase"]) == ("lag", "before_commit")


def test_the_money_is_what_it_was_whatever_a_look_shows(lab):
    lag = lab.fault("*", "before_commit", "lag", behind=9)

    (_, refunded), world = asked(
        lab,
        (lag,),
        looks=(
            fetch(lab),
            lambda paid: lab.request("POST", "/v1/refunds", {"payment_intent": paid[0]["id"]}),
        ),
    )

    assert refunded.status == 200
    assert lab.ledger(world) == [("auth", 4999), ("capture", 4999), ("refund", 4999)]


def test_a_lag_that_changes_nothing_has_not_fired(lab):
    lag = lab.fault("o1.list[1]", "before_commit", "lag", behind=1)
    empty = lambda paid: lab.request("GET", "/v1/refunds", {"payment_intent": paid[0]["id"]})  # noqa: E731 - a look

    (none,), world = asked(lab, (lag,), looks=(empty,))

    assert none.body["data"] == []
    assert lab.told(world, "fault.fired") == []
    assert lab.told(world, "call.committed")[-1]["is_old"] is None


def test_a_lag_of_one_order_leaves_the_looks_at_another_alone(lab):
    lag = lab.fault("o1.fetch[*]", "before_commit", "lag", behind=1)

    (old, true), _ = asked(lab, (lag,), orders=("o1", "o2"), looks=(fetch(lab, 0), fetch(lab, 1)))

    assert (old.body["status"], true.body["status"]) == ("requires_confirmation", "succeeded")


def test_a_short_page_says_that_there_is_more_and_the_next_one_goes_on(lab):
    lag = lab.fault("*", "before_commit", "lag", page=1)
    plain = listed(lab, limit=100)

    (first,), world = asked(lab, (lag,), orders=("o1", "o2"), looks=(plain,))
    newest = first.body["data"][0]["id"]
    (rest,) = lab.ask_now(world, lab.request("GET", PATH, {"limit": 100, "starting_after": newest}))

    assert (len(first.body["data"]), first.body["has_more"]) == (1, True)
    assert (len(rest.body["data"]), rest.body["has_more"]) == (1, False)
    assert rest.body["data"][0]["id"] != newest
    assert lab.told(world, "call.committed")[2]["is_old"] is None


def test_a_list_that_is_behind_lacks_the_newest_payment_and_says_that_it_is_whole(lab):
    lag = lab.fault("o1.list[1]", "before_commit", "lag", behind=2)

    (short, true), _ = asked(lab, (lag,), looks=(listed(lab), listed(lab)))

    assert (short.body["data"], short.body["has_more"]) == ([], False)
    assert len(true.body["data"]) == 1


def test_a_healed_lag_shows_how_things_stand(lab):
    plan = lab.a_plan(faults=(lab.fault("o1.fetch[*]", "before_commit", "lag", behind=1),))
    world = lab.a_world(plan)
    (paid,) = lab.ask_now(world, lab.pay(world))
    world.faults.heal()

    (true,) = lab.ask_now(world, lab.request("GET", f"{PATH}/{paid.body['id']}"))

    assert true.body["status"] == "succeeded"
