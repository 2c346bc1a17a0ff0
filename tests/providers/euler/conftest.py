"""Euler's dialect without edge and player: a request goes in, an answer and webhooks come out."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest

from badgateway.contract.document import contract_of
from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.ground.message import Request
from badgateway.payments.book import Book
from badgateway.providers import DIALECTS
from badgateway.providers.euler.shelf import merchant_id

KEY = "sk_test_api_key_of_these_tests"
MERCHANT = merchant_id(KEY)
STARTED_MS = 1_700_000_000_000


@dataclass
class Account:
    """One account, as a world has it; every answer and every webhook is held against the document."""

    clock: Clock = field(default_factory=lambda: Clock(started_ms=STARTED_MS))
    ids: Ids = field(default_factory=lambda: Ids(1, "test"))
    api_key: str = KEY
    is_strict: bool = True
    api_version: str | None = None
    page_max: int | None = None
    is_live: bool = False
    webhook_hosts: frozenset[str] = frozenset()
    shelf: dict[str, Any] = field(default_factory=dict)
    cause: str = ""
    request_id: str = ""
    calls: int = 0
    told: list = field(default_factory=list)  # every WireEvent, in the order in which it was made
    answers: list = field(default_factory=list)

    def __post_init__(self):
        self.dialect = DIALECTS["euler"]
        self.book = Book(self.clock, self.ids, is_strict=self.is_strict)

    def serve(self, request):
        """Answer one request as a play does: the dialect first, then the webhooks."""
        self.calls += 1
        self.cause, self.request_id = f"call{self.calls}", self.ids.make("request", 14)
        answer = self.dialect.answer(self.dialect.parse(request), self)
        self.answers.append(answer)
        contract = contract_of("euler")
        operation = contract.operation(request)
        if operation is not None:
            assert contract.reply_problems(operation, answer.reply) == ()
        self.tell()
        return answer.reply

    def act(self, command):
        """Let somebody do something who is not the integration."""
        outcome = self.book.do(command, "act:test")
        self.tell()
        return outcome

    def wait(self, by_ms):
        """Let time pass, with what the gateway does by itself meanwhile."""
        self.clock.advance(by_ms)
        self.book.run_due()
        self.tell()

    def tell(self):
        made = [one for happening in self.book.drain() for one in self.dialect.events(happening, self)]
        made += self.dialect.news(self)
        made += [one for happening in self.book.drain() for one in self.dialect.events(happening, self)]
        for one in made:
            assert contract_of("euler").event_problems(one.wire_type, one.body) == ()
        self.told += made

    def words(self):
        """Give the names of all webhooks so far, and forget them."""
        words = [one.wire_type for one in self.told]
        self.told.clear()
        return words

    def order(self):
        """Give the order as the last webhook showed it."""
        return json.loads(self.told[-1].body)["content"]["order"]


@pytest.fixture
def account():
    """Give a strict account."""
    return Account()


@pytest.fixture
def ask(account):
    """Give a plain asker: `ask("POST /orders", {...})` gives status and decoded body."""

    def send(what, form=None, *, api_key=KEY, merchant=MERCHANT, is_json=False):
        method, _, path = what.partition(" ")
        kind = "application/json" if is_json else "application/x-www-form-urlencoded"
        headers = [("Content-Type", kind), ("Host", "127.0.0.1:1")]
        headers += [("x-merchantid", merchant)] if merchant is not None else []
        pair = base64.b64encode(f"{api_key}:".encode()).decode()
        headers += [("Authorization", f"Basic {pair}")] if api_key else []
        raw = form if isinstance(form, bytes) else (json.dumps if is_json else urlencode)(form or {}).encode()
        plain, _, query = path.partition("?")
        reply = account.serve(Request(method, plain, query, tuple(headers), raw if method == "POST" else b""))
        is_shown = (reply.header("Content-Type") or "").startswith("application/json")
        return reply.status, json.loads(reply.body) if is_shown else reply

    return send


@pytest.fixture
def pay(ask):
    """Give a maker of paid orders, which gives the answer: `pay("o1", card="declined", manual=True)`."""

    def made(order_id="o1", *, card="approved", amount="49.99", currency="EUR", manual=False, **more):
        form = {
            "order.order_id": order_id,
            "order.amount": amount,
            "order.currency": currency,
            "order.return_url": "https://shop.example/return?order=1",
            "order.udf1": order_id,
            "order.metadata.txns.auto_capture": "false" if manual else "true",
            "payment_method_type": "CARD",
            "card_token": f"tkn_{card}",
            "format": "json",
            **more,
        }
        return ask("POST /txns", form)[1]

    return made


@pytest.fixture
def look(ask):
    """Give what looks an order up: `look("o1")`."""
    return lambda order_id="o1": ask(f"GET /orders/{order_id}")[1]
