"""Adyen's dialect without edge and player: a request goes in, an answer and notifications come out."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import pytest
from tests.providers.an_account import AnAccount

from badgateway.contract.document import contract_of
from badgateway.ground.message import Request
from badgateway.ground.records import changed
from badgateway.providers.adyen.shelf import merchant_account

KEY = "test_api_key_of_these_tests"
MERCHANT = merchant_account(KEY)
VERSION = re.compile(r"^(/checkout)?/v[0-9]+(?=/)")
CARD = {
    "type": "scheme",
    "number": "4111 1111 1111 1111",
    "expiryMonth": "03",
    "expiryYear": "2030",
    "cvc": "737",
    "holderName": "Ada Lovelace",
}


def hold_to_document(request, reply):
    """Find nothing in an answer that the provider's document does not promise."""
    contract = contract_of("adyen")
    operation = contract.operation(changed(request, path=VERSION.sub("", request.path)))
    if operation is not None:
        assert contract.reply_problems(operation, reply) == ()


@dataclass
class Account(AnAccount):
    """One account at Adyen; every answer and every notification is held against the document."""

    provider = "adyen"
    api_key: str = KEY

    def hold(self, request, reply):
        """Find nothing in an answer that the provider's document does not promise."""
        hold_to_document(request, reply)

    def tell(self):
        """Find nothing in a notification that it does not promise either."""
        super().tell()
        for one in self.told:
            assert contract_of("adyen").event_problems(one.wire_type, one.body) == ()

    def notifications(self):
        """Give the items of all notifications so far, and forget them."""
        items = [json.loads(one.body)["notificationItems"][0]["NotificationRequestItem"] for one in self.told]
        self.told.clear()
        return items

    def codes(self):
        """Give eventCode and success of all notifications so far, and forget them."""
        return [(one["eventCode"], one["success"]) for one in self.notifications()]


@pytest.fixture
def account():
    """Give a strict account."""
    return Account()


@pytest.fixture
def ask(account):
    """Give a plain asker: `ask("/payments", {...})` gives status, decoded body and headers."""

    def send(path, body=None, *, key=None, api_key=KEY, method="POST", version="/v71"):
        headers = [("X-API-Key", api_key), ("Content-Type", "application/json"), ("Host", "127.0.0.1:1")]
        headers += [("Idempotency-Key", key)] if key else []
        own = {} if path == "/payments/details" else {"merchantAccount": MERCHANT}
        raw = body if isinstance(body, bytes) else json.dumps({**own, **(body or {})})
        raw = raw if isinstance(raw, bytes) else raw.encode()
        plain, _, query = path.partition("?")
        reply = account.serve(Request(method, f"{version}{plain}", query, tuple(headers), raw))
        is_json = (reply.header("Content-Type") or "").startswith("application/json")
        shown = json.loads(reply.body) if is_json else reply.body.decode()
        return reply.status, shown, {name.lower(): value for name, value in reply.headers}

    return send


@pytest.fixture
def paid(ask):
    """Give a maker of payments, which gives the answer: `paid(holder="DECLINED", value=1000)`."""

    def pay(*, value=1000, currency="EUR", holder=None, manual=False, key=None, **changes):
        method = {**CARD, **({"holderName": holder} if holder else {}), **changes.pop("card", {})}
        extra = {"manualCapture": "true"} if manual else {}
        body = {
            "amount": {"currency": currency, "value": value},
            "reference": "order-1",
            "returnUrl": "https://shop.example/return?order=1",
            "paymentMethod": method,
            "additionalData": {**extra, **changes.pop("extra", {})},
            **changes,
        }
        return ask("/payments", body, key=key)[1]

    return pay
