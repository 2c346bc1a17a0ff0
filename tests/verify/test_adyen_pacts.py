"""The simulated Adyen keeps the committed pacts, and each break of them is laid at the right door."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest
from tests.verify.breaks import breaking

from badgateway.contract.document import contract_of
from badgateway.server.edge import Edge
from badgateway.verify.boundaries import pacts_at
from badgateway.verify.pacts import hold_to_pact, read_pact
from badgateway.verify.provider_pacts import WEBHOOK_SECRET
from badgateway.verify.scene import ProviderScene
from badgateway.verify.simulator import Simulator

TOLD, ASKED = sorted(path for path in pacts_at("provider") if path.name.startswith("reference-adyen"))
CHARGE, CAPTURE = "charge a stored card, capture manual", "capture what is held"
NOBODYS, REFUSED = "refund a payment that is not there", "charge a card without funds"
HELD, BACK = "webhook AUTHORISATION: money is held", "webhook REFUND_FAILED: a refund has come back"
REFUNDS = "POST /v71/payments/{psp}/refunds"
ITEM = ("notificationItems", 0, "NotificationRequestItem")
# Which interaction breaks -> at which address, and how the provider breaks it.
BY_PROVIDER = {
    CHARGE: ("POST /v71/payments", {"set": "amount.value", "to": "4999", "status": 200}),
    REFUSED: ("POST /v71/payments", {"rename": "refusalReason", "to": "reason", "status": 200}),
    CAPTURE: ("POST /v71/payments/{psp}/captures", {"becomes": 200, "status": 201}),
    NOBODYS: (REFUNDS, {"status": 422, "body": {"error": "unknown"}}),
}
# Which interaction breaks -> the place where its consumer asks for what nobody promised, and for what.
BY_CONSUMER = {
    CHARGE: ("response", "body", "content", "resultCode", "Paid"),
    CAPTURE: ("response", "body", "content", "capturedAt", "2026-01-01"),
    NOBODYS: ("response", "status", 410),
    HELD: ("contents", "content", *ITEM, "success", True),
    BACK: ("contents", "content", *ITEM, "refundReason", "lost"),
}


class Sender:
    """Implements `verify.scene.Scene` over a simulated Adyen that changes one value of what it tells."""

    def __init__(self, scene, name, value):
        self.scene, self.name, self.value = scene, name, value
        self.renew, self.reach = scene.renew, scene.reach

    def sent(self):
        parcel = self.scene.sent()
        told = json.loads(parcel.body)
        put(told, (*ITEM, self.name), self.value)
        return type(parcel)(parcel.delivery, parcel.url, json.dumps(told).encode(), parcel.headers)


def put(value, place, made):
    *parents, last = place
    for part in parents:
        value = value[part]
    value[last] = made


def cut_down(folder, path, wanted, place=()):
    """Write a copy of a pact with a few interactions; `place` ends in what its consumer puts there."""
    pact = json.loads(path.read_text(encoding="utf-8"))
    pact["interactions"] = [one for one in pact["interactions"] if one["description"] in wanted]
    if place:
        put(
            next(one for one in pact["interactions"] if one["description"] == wanted[0]),
            place[:-1],
            place[-1],
        )
    written = folder / path.name
    written.write_text(json.dumps(pact), encoding="utf-8")
    return written


def held(path, patch=None, sender=None):
    """Hold the simulated Adyen to a pact, broken or not; gives who broke each interaction."""

    async def run():
        async with (
            Simulator("adyen", WEBHOOK_SECRET) as simulator,
            aiohttp.ClientSession(auto_decompress=False) as session,
        ):
            scene = ProviderScene(simulator)
            scene = sender(scene) if sender else scene
            if patch is None:
                return await hold_to_pact(read_pact(path), simulator.url, scene, contract_of("adyen"))
            async with Edge(breaking.BrokenProxy(simulator.url, patch, session)) as edge:
                return await hold_to_pact(read_pact(path), edge.url, scene, contract_of("adyen"))

    return {row.description: row.broken_by for row in asyncio.run(run())}


@pytest.mark.parametrize("path", [ASKED, TOLD], ids=["calls", "webhooks"])
def test_the_simulated_adyen_keeps_what_the_reference_was_promised(path):
    broken = held(path)

    assert len(broken) == len(json.loads(path.read_text(encoding="utf-8"))["interactions"])
    assert set(broken.values()) == {None}


@pytest.mark.parametrize("name", BY_PROVIDER)
def test_an_answer_that_is_not_as_promised_is_laid_at_the_door_of_the_provider(name, tmp_path):
    on, do = BY_PROVIDER[name]
    control = "cancel what is held"
    path = cut_down(tmp_path, ASKED, [name, control])

    assert held(path, breaking.Patch("break", "provider", "provider", do, on)) == {
        name: "adyen",
        control: None,
    }


@pytest.mark.parametrize(
    ("name", "value"), [("success", True), ("pspReference", "short"), ("merchantReference", "elsewhere.1")]
)
def test_a_notification_that_is_not_as_promised_is_laid_at_the_door_of_the_provider(name, value, tmp_path):
    path = cut_down(tmp_path, TOLD, [HELD])

    assert held(path, sender=lambda scene: Sender(scene, name, value)) == {HELD: "adyen"}


@pytest.mark.parametrize("name", BY_CONSUMER)
def test_what_nobody_promised_is_laid_at_the_door_of_who_asks_for_it(name, tmp_path):
    pact = TOLD if name.startswith("webhook") else ASKED
    path = cut_down(tmp_path, pact, [name], BY_CONSUMER[name])

    assert held(path) == {name: "reference"}
