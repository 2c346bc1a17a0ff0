"""The contract watch over Euler: what stands between an integration and the orchestrator, in one play."""

import asyncio
import base64
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.ground.message import Request
from badgateway.journal.journal import Journal
from badgateway.play.posting import pack
from badgateway.play.promising import hold_to_contract
from badgateway.play.world import make_world
from badgateway.providers import DIALECTS
from badgateway.providers.base import Endpoint

KEY, SECRET = "sk_test_of_the_watch_0123456789", "password_of_the_watch_0123456789"
NOWHERE = "http://127.0.0.1:9/"


@pytest.fixture
def world(lab):
    """Give a play with Euler."""
    clock = Clock(started_ms=1_700_000_000_000)
    plan = replace(lab.a_plan(), provider="euler")
    return make_world(
        plan, DIALECTS["euler"], Journal(clock), clock, Ids(1, "n"), KEY, Endpoint(NOWHERE, SECRET)
    )


def pay(world, amount="49.99", **more):
    form = {
        "order.order_id": f"{world.reference('o1')}A1",
        "order.amount": amount,
        "order.currency": "EUR",
        "payment_method_type": "CARD",
        "card_token": world.dialect.cards["approved"],
        **more,
    }
    pair = base64.b64encode(f"{KEY}:".encode()).decode()
    headers = (("Authorization", f"Basic {pair}"), ("Content-Type", "application/x-www-form-urlencoded"))
    return Request("POST", "/euler/txns", "", headers, urlencode(form).encode())


def watched(lab, world, request):
    """Let a request through both gates, send what is told of it, and hold all of it to the contract."""

    async def story():
        call = lab.worlds_of(world).arrive(request)
        call.let_in()
        call.let_out()
        await call.admit()
        effect = await call.release(call.commit())
        call.finished(is_complete=effect.reply is not None, bytes_sent=0)
        for item in world.outbox.items:
            pack(world, item, 1)
        await hold_to_contract(world)

    asyncio.run(story())
    (watch,) = lab.told(world, "contract.watched")
    return lab.told(world, "contract.broken"), watch


def test_an_order_as_the_document_has_it_breaks_nothing_on_either_side(lab, world):
    broken, watch = watched(lab, world, pay(world))

    assert broken == []
    assert watch["document"] == "internal.openapi.yaml"
    assert (watch["requests"], watch["replies"], watch["webhooks"]) == (1, 1, 4)
    assert (watch["exempt"], watch["undescribed"], watch["left_out"]) == (0, 0, 0)


@pytest.mark.parametrize("more", [{"amount": "49.999"}, {"payment_method_type": "CASH"}])
def test_what_the_document_does_not_allow_is_the_integrations_fault(lab, world, more):
    (broken,), _ = watched(lab, world, pay(world, **more))

    assert (broken["party"], broken["about"], broken["where"]) == ("integration", "request", "POST /txns")
