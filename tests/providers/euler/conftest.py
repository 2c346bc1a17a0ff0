"""Euler's dialect without edge and player: a request goes in, an answer and webhooks come out."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from tests.providers.an_account import AnAccount

from badgateway.contract.document import contract_of
from badgateway.ground.message import Request
from badgateway.providers.euler.shelf import merchant_id

KEY = "sk_test_api_key_of_these_tests"
MERCHANT = merchant_id(KEY)


@dataclass
class Account(AnAccount):
    """One account at Euler; every answer and every webhook is held against the document."""

    provider = "euler"
    api_key: str = KEY

    def hold(self, request, reply):
        """Find nothing in an answer that the document does not promise."""
        operation = contract_of("euler").operation(request)
        if operation is not None:
            assert contract_of("euler").reply_problems(operation, reply) == ()

    def tell(self):
        """Find nothing in a webhook that it does not promise either."""
        super().tell()
        for one in self.told:
            assert contract_of("euler").event_problems(one.wire_type, one.body) == ()

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
