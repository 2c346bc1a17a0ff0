"""A simulated provider whose world a pact's provider states set up, one fresh world for each interaction."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from badgateway.errors import nearest
from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids, new_nonce
from badgateway.ground.message import Reply, Request
from badgateway.ground.records import changed
from badgateway.journal.journal import Journal
from badgateway.payments.commands import CreatePayment, FailRefund
from badgateway.payments.decisions import CARDS
from badgateway.payments.model import Payment, Refusal
from badgateway.play.faultboard import FaultBoard
from badgateway.play.handing_out import PREFIX as REPORTS
from badgateway.play.limbo import empty_plan, make_limbo
from badgateway.play.posting import pack
from badgateway.play.switchboard import Worlds
from badgateway.play.telling import tell
from badgateway.play.world import World, make_world
from badgateway.providers import DIALECTS
from badgateway.providers.base import Endpoint, KeepsOrders
from badgateway.server.edge import Edge
from badgateway.verify.misbehaving import EACH, faults_from
from badgateway.verify.states import (
    FailNewestRefund,
    OpenAccount,
    PayAgain,
    SendWebhook,
    Step,
    refused,
    steps_of,
)
from badgateway.webhooks.deliver import Parcel
from badgateway.webhooks.outbox import Item

_NOWHERE = "http://127.0.0.1:9/"  # the discard port: what is made for it stays here
_CAUSE = "act:state"
ENTRIES_MAX = 50_000  # of one world's journal: many generated requests may reach it


class Simulator:
    """One provider behind an edge of its own, on a free port, without faults.

    Webhooks are made where somebody holds a secret to check them with; they are asked for, never sent.
    """

    def __init__(self, provider: str, webhook_secret: str | None = None) -> None:
        self._dialect = DIALECTS[provider]
        self._endpoint = Endpoint(_NOWHERE, webhook_secret) if webhook_secret is not None else None
        self.parcel: Parcel | None = None  # the webhook that a state asked for, as it goes out
        self.stands: str | None = None  # its payment, in a neutral word, as it was answered or told last
        self._worlds = Worlds(make_limbo())
        self._edge = Edge(self._worlds)
        self._world = self._fresh()

    @property
    def url(self) -> str:
        """Give the base URL, without a slash at its end."""
        return self._edge.url

    async def __aenter__(self) -> Self:
        await self._edge.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._edge.stop()

    def open_further_account(self, api_key: str, merchant: str, *, is_live: bool) -> None:
        """Let another merchant's requests into the world as well, into an account of its own."""
        self._world.admit(api_key, merchant, is_live=is_live)

    def settings(self, api_key: str, webhook_secret: str, merchant: str = "") -> dict[str, str]:
        """Give what an integration's description names of its providers, or a merchant's accounts there."""
        word = f"{merchant}." if merchant else ""
        named = {
            f"{dialect.name}.{word}{name}": value
            for dialect in DIALECTS
            for name, value in dialect.settings(self.url, api_key, webhook_secret).items()
        }
        return {**named, "provider": self._dialect.name, "settlement.url": f"{self.url}{REPORTS}"}

    def card(self, word: str) -> str:
        """Give the dialect's token for a neutral card word."""
        return self._dialect.cards[word]

    def misbehave(self) -> None:
        """Let every other call from now on go wrong, in one way after the other."""
        world = self._world
        world.faults = FaultBoard(faults_from(world.arrivals + EACH, self._dialect.name))

    @property
    def faults_fired(self) -> int:
        """Give how many calls went wrong."""
        return len(self._world.faults.fired)

    def renew(self) -> None:
        """Forget everything: the next request finds an empty world, and no account until one is opened."""
        self._worlds.current.clear()
        self._world = self._fresh()
        self.parcel = None

    def open_account(self, api_key: str) -> None:
        """Let requests with this API key into the world."""
        self._world.account.api_key = api_key
        self._worlds.open(self._world)

    def reach(self, text: str, params: dict[str, Any]) -> None:
        """Put the world into a provider state; raises InputError that says why it cannot be."""
        for step in steps_of(text, params):
            self._take(text, step)

    def answer(self, request: Request) -> Reply:
        """Answer a request without a connection, as the world that the states have made would."""
        call = self._worlds.arrive(request)
        reply = call.commit()
        call.finished(is_complete=True, bytes_sent=len(reply.body))
        self.stands = next(
            one.data["payment_status"]
            for one in reversed(self._world.journal.entries)
            if one.kind == "call.committed"
        )
        return reply

    def payment(self, payment_id: str) -> Payment | None:
        """Give a payment of the world as it is now, or None."""
        return self._world.account.book.payment(payment_id)

    def _take(self, text: str, step: Step) -> None:
        if isinstance(step, OpenAccount):
            self.open_account(step.api_key)
            return
        if isinstance(step, SendWebhook):
            newest = self._newest(text, step.event)
            self.parcel, self.stands = pack(self._world, newest, 1), newest.event.tells
            return
        if isinstance(step, CreatePayment) and step.method is not None:
            if step.charge:
                # No request has told the dialect whose card this is, so its word decides here.
                self._world.account.book.decide_next = CARDS[step.method]
            step = changed(step, method=self.card(step.method))
        try:
            refusal = self._do(step)
        except ValueError as problem:
            raise refused(text, f"cannot be reached: {problem}") from problem
        if refusal is not None:
            raise refused(text, f"cannot be reached: {refusal.message}")
        tell(self._world)

    def _do(self, step: Step) -> Refusal | None:
        """Carry out a step, and give why nothing came of it; raises ValueError where it cannot be."""
        dialect, account = self._dialect, self._world.account
        account.cause = _CAUSE
        if isinstance(step, FailNewestRefund):
            known = account.book.refunds_of(step.payment_id)
            if not known:
                raise ValueError(f"{step.payment_id!r} has no refund")
            step = FailRefund(known[-1].id)
        if isinstance(step, PayAgain | CreatePayment) and isinstance(dialect, KeepsOrders):
            if isinstance(step, PayAgain):
                return dialect.pay_again(step.payment_id, self.card("approved"), account)
            return dialect.place(step, account)
        if isinstance(step, OpenAccount | SendWebhook | PayAgain):
            raise ValueError(f"{dialect.name} has no orders that are paid by another attempt")  # noqa: TRY004 - one family for callers
        outcome = account.book.do(step, _CAUSE)
        # A decline is a refusal that leaves its trace: it is what such a state asks for.
        return None if outcome.is_applied else outcome.refusal

    def _newest(self, text: str, event: str) -> Item:
        items = self._world.outbox.items
        made = [item for item in items if event in (item.event.name, _own_name(self._dialect.name, item))]
        if made:
            return made[-1]
        known = [name for item in items for name in (item.event.name, _own_name(self._dialect.name, item))]
        raise refused(text, f"has made no {event!r}{nearest(event, filter(None, known))}")

    def _fresh(self) -> World:
        clock, ids = Clock(), Ids(0, new_nonce())
        journal = Journal(clock, entries_max=ENTRIES_MAX)
        plan = empty_plan(self._dialect.name)
        world = make_world(plan, self._dialect, journal, clock, ids, "", self._endpoint)
        world.is_free = True
        return world


def _own_name(provider: str, item: Item) -> str:
    return f"{provider}:{item.event.wire_type}"
