"""The contract watch over Adyen: requests, answers and notifications of a play held against its document."""

import asyncio
import json
from dataclasses import replace

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

KEY, SECRET = "sk_test_of_the_watch_0123456789", "whsec_of_the_watch_0123456789"
NOWHERE = "http://127.0.0.1:9/"


@pytest.fixture
def world(lab):
    """Give a play with Adyen."""
    clock = Clock(started_ms=1_700_000_000_000)
    plan = replace(lab.a_plan(), provider="adyen")
    return make_world(
        plan, DIALECTS["adyen"], Journal(clock), clock, Ids(1, "n"), KEY, Endpoint(NOWHERE, SECRET)
    )


def pay(world, version="v71", **more):
    account = world.dialect.settings("", KEY, SECRET)["merchant_account"]
    body = {
        "merchantAccount": account,
        "amount": {"currency": "EUR", "value": 4999},
        "reference": world.reference("o1"),
        "returnUrl": "https://shop.example/",
        "paymentMethod": {"type": "scheme", "storedPaymentMethodId": world.dialect.cards["approved"]},
        **more,
    }
    headers = (("X-API-Key", KEY), ("Content-Type", "application/json"))
    return Request("POST", f"/{version}/payments", "", headers, json.dumps(body).encode())


def watched(lab, world, request):
    """Let a request through both gates, send what is told of it, and hold all of it to the contract."""

    async def story():
        call = lab.worlds_of(world).arrive(request)
        call.let_in()
        call.let_out()
        effect = await call.admit()
        if effect is None:
            effect = await call.release(call.commit())
        call.finished(is_complete=effect.reply is not None, bytes_sent=0)
        for item in world.outbox.items:
            pack(world, item, 1)
        await hold_to_contract(world)

    asyncio.run(story())
    (watch,) = lab.told(world, "contract.watched")
    return lab.told(world, "contract.broken"), watch


@pytest.mark.parametrize("version", ["v71", "adyen/v72", "adyen/checkout/v71"])
def test_a_payment_as_the_document_has_it_breaks_nothing_on_either_side(lab, world, version):
    broken, watch = watched(lab, world, pay(world, version))

    assert broken == []
    assert watch["document"] == "adyen.openapi.yaml"
    assert (watch["requests"], watch["replies"], watch["webhooks"]) == (1, 1, 1)
    assert (watch["exempt"], watch["undescribed"], watch["left_out"]) == (0, 0, 0)


def test_a_field_that_adyen_does_not_know_is_the_integrations_fault(lab, world):
    (broken,), _ = watched(lab, world, pay(world, captureDelay=1))

    assert (broken["party"], broken["about"], broken["call"]) == ("integration", "request", "call1")
    assert broken["where"] == "POST /payments"
    assert "'captureDelay' was unexpected" in broken["problem"]
