"""Worlds with the real dialect and book, asked without sockets, and the smallest integration."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

import pytest

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.ground.message import Request
from badgateway.integration.model import (
    Declares,
    Description,
    OperationResult,
    RequestTemplate,
    ViewPaths,
    ViewRead,
)
from badgateway.integration.watch import Watch
from badgateway.journal.journal import Journal
from badgateway.plan.model import ANY, Order, Plan, PlannedDelivery, PlannedFault, Selector
from badgateway.play.limbo import empty_plan, make_limbo
from badgateway.play.posting import pack, post_before_reply
from badgateway.play.promising import hold_to_contract
from badgateway.play.stage import Stage
from badgateway.play.switchboard import Worlds
from badgateway.play.world import World, make_world
from badgateway.providers import DIALECTS
from badgateway.providers.base import Endpoint
from badgateway.webhooks.deliver import Courier

KEY, SECRET = "sk_test_of_the_first_player", "whsec_of_the_first_player"
NOWHERE = "http://127.0.0.1:9/hook"
SHOPPER = {"name": "Ann Other", "email": "ann@example.com"}


def order(name: str = "o1", **changes) -> Order:
    return replace(Order(name, 4999, "EUR", "automatic", "approved", SHOPPER), **changes)


def selector(text: str) -> Selector:
    """Make a selector from its text: `o1.charge[1]`, `charge[*]`, `*`, `stripe:charge.succeeded[1]`."""
    provider, _, rest = text.rpartition(":")
    head, _, rest = rest.partition(".") if rest.startswith("o") and "." in rest else (None, "", rest)
    name, _, n = rest.rstrip("]").partition("[")
    order = "o1" if provider else head
    return Selector(name, int(n) if n not in ("", ANY) else None, order, provider or None)


def fault(at: str, phase: str, do: str, index: int = 1, **values) -> PlannedFault:
    return PlannedFault(index, selector(at), phase, do, values)


def delivery(event: str, index: int = 1, after: str | None = None, **changes) -> PlannedDelivery:
    return PlannedDelivery(index, selector(event), after=selector(after) if after else None, **changes)


def a_plan(**changes) -> Plan:
    return replace(empty_plan(), **{"scenario": "test.yaml", "orders": (order(),), **changes})


def a_world(
    plan: Plan | None = None, *, key: str = KEY, url: str | None = NOWHERE, nonce: str = "n"
) -> World:
    clock = Clock(started_ms=1_700_000_000_000)
    endpoint = Endpoint(url, SECRET) if url else None
    ids = Ids(1, nonce)
    plan = plan or a_plan()
    return make_world(plan, DIALECTS[plan.provider], Journal(clock), clock, ids, key, endpoint)


def request(method: str, path: str, form: Mapping | None = None, *, key: str = KEY, idem: str | None = None):
    """Make a request as an SDK does."""
    headers = (("Authorization", f"Bearer {key}"),)
    if idem is not None:
        headers = (*headers, ("Idempotency-Key", idem))
    text = urlencode(form or {})
    is_post = method == "POST"
    return Request(method, path, "" if is_post else text, headers, text.encode() if is_post else b"")


def pay_form(world: World, name: str = "o1", card: str = "pm_card_visa", **more) -> dict[str, object]:
    plan = world.plan.order(name)
    # Stripe takes an address to come back to only with what is confirmed at once.
    back = {"return_url": "https://shop.example/back"} if more.get("confirm", "true") == "true" else {}
    return {
        "amount": plan.amount_minor,
        "currency": plan.currency.lower(),
        "payment_method": card,
        "confirm": "true",
        **back,
        "capture_method": plan.capture,
        "metadata[order]": world.reference(name),
        **more,
    }


def pay(world: World, name: str = "o1", idem: str | None = None, api_key: str = KEY, **more) -> Request:
    return request("POST", "/v1/payment_intents", pay_form(world, name, **more), key=api_key, idem=idem)


@dataclass
class Told:
    """What the integration saw of one call; status None: nothing."""

    status: int | None
    body: dict
    effect: object = None


async def ask(worlds: Worlds, asked: Request, by: str | None = None) -> Told:
    """Bring a request through the seam as the edge does, without a socket; held for ever means cancelled."""
    call = worlds.arrive(asked) if by is None else worlds.arrive(asked, by)
    is_complete = False
    try:
        effect = await call.admit()
        if effect is None:
            effect = await call.release(call.commit())
        if effect.wait_ms is None:
            await asyncio.Event().wait()
        is_complete = effect.reply is not None and effect.body_bytes_max is None
    finally:
        call.finished(is_complete=is_complete, bytes_sent=0)
    if not is_complete:
        return Told(None, {}, effect)
    return Told(effect.reply.status, json.loads(effect.reply.body), effect)


def ask_now(world: World, *asked: Request) -> list[Told]:
    """Ask a world whose gates are open, one request after the other."""

    async def story():
        return [await ask(worlds_of(world), one) for one in asked]

    world.is_free = True
    return asyncio.run(story())


def worlds_of(*worlds: World) -> Worlds:
    board = Worlds(make_limbo())
    for world in worlds:
        board.open(world)
    return board


def watched(world: World, *requests: Request) -> tuple[list[dict], dict]:
    """Let requests through both gates, send what webhooks there are, and hold all of it to the contract."""

    async def story() -> None:
        worlds = worlds_of(world)
        for one in requests:
            call = worlds.arrive(one)
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
    (watch,) = told(world, "contract.watched")
    return told(world, "contract.broken"), watch


def kinds(world: World, *wanted: str) -> list[str]:
    return [entry.kind for entry in world.journal.entries if not wanted or entry.kind in wanted]


def told(world: World, kind: str) -> list[dict]:
    """Give the data of every journal entry of a kind."""
    return [dict(entry.data) for entry in world.journal.entries if entry.kind == kind]


def ledger(world: World) -> list[tuple[str, int]]:
    return [(entry.kind, entry.amount_minor) for entry in world.account.book.ledger.since(0)]


@dataclass
class Shop:
    """The smallest integration: it pays, believes what it is answered, and asks again when told to."""

    worlds: Worlds
    description: Description
    revision: str = "1"
    statuses: dict[str, str] = field(default_factory=dict)  # order reference -> what it says
    code: int | None = None
    operated: list[str] = field(default_factory=list)
    watch: Watch = field(default_factory=Watch)

    pid = 4711
    base_url = "http://127.0.0.1:9"
    next_version = None

    def following(self):
        return self.next_version

    async def start(self):
        self.code = None

    async def stop(self):
        pass

    async def kill(self):
        self.code = -9

    def exit_code(self):
        return self.code

    def tail(self):
        return "its last line"

    async def look_around(self):
        return None

    def webhook_url(self, _provider):
        return NOWHERE

    def offers(self, operation):
        return operation in self.description.operations

    async def operate(self, operation, values, barrier=None):
        self.operated.append(operation)
        reference = str(values.get("order.reference"))
        if barrier is not None:
            await barrier.wait()
        if operation != "pay":
            return OperationResult("ok", 200, None, 1.0)
        form = {
            "amount": values["amount_minor"],
            "currency": str(values["order.currency"]).lower(),
            "payment_method": values["order.card"],
            "confirm": "true",
            "return_url": "https://shop.example/back",
            "capture_method": values["order.capture"],
            "metadata[order]": reference,
        }
        heard = await ask(self.worlds, request("POST", "/v1/payment_intents", form))
        if heard.status is None:
            return OperationResult("info", None, None, 1.0, "no answer")
        outcome = "ok" if heard.body.get("status") == "succeeded" else "info"
        self.statuses[reference] = "PAID" if outcome == "ok" else "PENDING"
        return OperationResult(outcome, heard.status, self.statuses[reference], 1.0)

    async def view(self, values):
        return ViewRead(self.statuses.get(str(values["order.reference"]), "UNPAID"))


def describe(*operations: str, **declares) -> Description:
    return Description(
        name="smallest shop",
        base_url="http://127.0.0.1:9",
        start=None,
        operations={name: RequestTemplate("POST", f"/{name}") for name in ("pay", "view", *operations)},
        view=ViewPaths("$.status"),
        statuses={},
        declares=Declares(**{"deadline_ms": 400, "background_ms": 0, **declares}),
    )


@dataclass
class Hook:
    """A webhook endpoint: the statuses that it answers, the last one for ever; or one that refuses once."""

    answers: list[int]
    refuses_once: str | None = None  # the first signed event of this type gets a 500
    bodies: list[dict] = field(default_factory=list)
    signatures: list[str | None] = field(default_factory=list)

    @property
    def types(self) -> list[str]:
        return [body["type"] for body in self.bodies]

    async def serve(self, reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                headers = dict(line.split(": ", 1) for line in head.strip().split("\r\n")[1:])
                self.bodies.append(json.loads(await reader.readexactly(int(headers["content-length"]))))
                self.signatures.append(headers.get("stripe-signature"))
                status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                if self.bodies[-1]["type"] == self.refuses_once and self.signatures[-1] is not None:
                    self.refuses_once, status = None, 500
                writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def on_stage(plan: Plan, description: Description | None = None, answers: tuple[int, ...] = (200,)):
    """Give a stage over a fresh world, with a real courier and a webhook endpoint that answers as told."""
    hook = Hook(list(answers))
    server = await asyncio.start_server(hook.serve, "127.0.0.1", 0)
    world = a_world(plan, url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook")
    worlds = worlds_of(world)
    shop = Shop(worlds, description or describe())
    try:
        async with Courier(2_000) as courier:
            yield Stage(world, shop, courier, post_before_reply), shop, hook
    finally:
        server.close()


@pytest.fixture(scope="session")
def lab():
    """Give the makers of this file."""
    return sys.modules[__name__]


@pytest.fixture
def world() -> World:
    return a_world()
