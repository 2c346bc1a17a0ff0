"""Events of Adyen, Euler and declared providers, made by name: each is told, and comes out again."""

import asyncio
import json
from dataclasses import replace

import pytest

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.ground.message import Request
from badgateway.journal.journal import Journal
from badgateway.payments.decisions import CARDS
from badgateway.play.hopping import stand_behind
from badgateway.play.limbo import empty_plan, make_limbo
from badgateway.play.occasions import OCCASIONS, Prompted
from badgateway.play.rebuilding import rebuild
from badgateway.play.switchboard import Worlds
from badgateway.play.world import make_world
from badgateway.providers import DIALECTS
from badgateway.providers.base import Endpoint

KEY, SECRET = "sk_test_of_the_prompter", "whsec_of_the_prompter"
NAMES = [one.name for one in DIALECTS if isinstance(one, Prompted)]
EVENTS = [(name, event) for name in NAMES for event in DIALECTS[name].prompts]


def served(provider, behind=None):
    """Give a world without a player, as it is served with a state."""
    plan, clock = empty_plan(provider), Clock(started_ms=1_700_000_000_000)
    plan = replace(plan, behind=(behind,)) if behind else plan
    endpoint = Endpoint("http://127.0.0.1:9/hook", SECRET)
    ids, dialect = Ids(1, "n"), DIALECTS[provider]
    world = make_world(plan, dialect, Journal(clock), clock, ids, KEY, endpoint)
    world.is_free = world.is_kept = True
    stand_behind(world, {name: f"sk_test_at_{name}" for name in plan.behind})
    return world


def asked(world, path, method="POST", query="", key=KEY):
    """Ask through the switchboard, as the edge does; give status and body."""
    worlds = Worlds(make_limbo())
    worlds.open(world)

    async def main():
        headers = (("Authorization", f"Bearer {key}"),)
        exchange = worlds.arrive(Request(method, path, query, headers))
        assert await exchange.admit() is None
        reply = (await exchange.release(exchange.commit())).reply
        exchange.finished(is_complete=True, bytes_sent=len(reply.body))
        return reply

    reply = asyncio.run(main())
    return reply.status, json.loads(reply.body)


def test_every_provider_but_the_one_with_an_api_for_it_is_prompted():
    assert set(NAMES) == set(DIALECTS.names()) - {"stripe"}


def test_every_occasion_is_of_known_cards_and_wanted_by_somebody():
    wanted = {occasion for name in NAMES for occasion in DIALECTS[name].prompts.values()}

    assert wanted <= set(OCCASIONS)
    assert {card for card, *_ in OCCASIONS.values()} <= set(CARDS)


@pytest.mark.parametrize(("provider", "event"), EVENTS)
def test_an_event_that_is_asked_for_is_told_and_comes_out_again(provider, event):
    world = served(provider)

    status, told = asked(world, f"/trigger/{event.replace('/', '%2F')}")

    assert status == 200, told
    items = {item.event.id: item.event for item in world.outbox.items}
    assert items[told["event"]].wire_type == event
    assert json.loads(items[told["event"]].body)
    again = served(provider)
    assert rebuild(again, world.journal.entries, secret=SECRET) == ()
    assert {item.event.id for item in again.outbox.items} == set(items)
    assert again.account.book.payments() == world.account.book.payments()


def test_a_second_one_is_another_event_about_another_payment():
    world = served("adyen")

    first, second = (asked(world, "/trigger/CHARGEBACK")[1] for _ in range(2))

    assert first["event"] != second["event"]
    assert first["payment"] != second["payment"]


def test_another_card_tells_the_same_event_of_a_refusal():
    world = served("adyen")

    status, told = asked(world, "/trigger/AUTHORISATION", query="card=insufficient_funds")

    assert status == 200
    body = next(item.event.body for item in world.outbox.items if item.event.id == told["event"])
    item = json.loads(body)["notificationItems"][0]["NotificationRequestItem"]
    assert (item["eventCode"], item["success"]) == ("AUTHORISATION", "false")


def test_a_card_with_which_it_cannot_come_about_says_what_came_instead():
    status, told = asked(served("euler"), "/trigger/ORDER_SUCCEEDED", query="card=declined")

    assert status == 409
    assert "no ORDER_SUCCEEDED came of it, but TXN_CREATED" in told["error"]


@pytest.mark.parametrize(
    ("path", "query", "key", "status", "said"),
    [
        ("/trigger/CHARGBACK", "", KEY, 404, "did you mean 'CHARGEBACK'?"),
        ("/trigger/CHARGEBACK", "card=declind", KEY, 404, "did you mean 'declined'?"),
        ("/trigger/CHARGEBACK", "", "sk_test_of_nobody", 401, "Bearer KEY"),
    ],
)
def test_what_cannot_be_made_says_why_and_makes_nothing(path, query, key, status, said):
    world = served("adyen")

    answer = asked(world, path, query=query, key=key)

    assert answer[0] == status
    assert said in answer[1]["error"]
    assert list(world.journal.entries) == []


def test_the_events_are_listed():
    status, told = asked(served("euler"), "/trigger", "GET")

    assert (status, told["provider"]) == (200, "euler")
    assert "ORDER_SUCCEEDED" in told["events"]


def test_a_play_makes_no_event_by_name():
    world = served("adyen")
    world.is_free = False

    assert asked(world, "/trigger/CHARGEBACK")[0] == 401


@pytest.mark.parametrize("gateway", ["stripe", "adyen"])
@pytest.mark.parametrize(
    "event", sorted(set(DIALECTS["euler"].prompts) - {"CHARGEBACK_EVIDENCE_REQUIRED", "CHARGEBACK_CANCELED"})
)
def test_an_event_comes_about_in_the_same_way_behind_an_orchestrator(gateway, event):
    world = served("euler", behind=gateway)

    status, told = asked(world, f"/trigger/{event}")

    assert status == 200, told
    assert world.account.book.payments() == ()
    assert len(world.accounts[1].book.payments()) == 1
    again = served("euler", behind=gateway)
    assert rebuild(again, world.journal.entries, secret=SECRET) == ()
    assert {item.event.id for item in again.outbox.items} == {item.event.id for item in world.outbox.items}
