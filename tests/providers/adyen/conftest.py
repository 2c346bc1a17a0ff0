"""Adyen's dialect without edge and player: a request goes in, an answer and notifications come out."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from badgateway.contract.document import contract_of
from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.ground.message import Request
from badgateway.payments.book import Book
from badgateway.payments.idempotency import InFlight, KeyStore, Mismatch, Replay
from badgateway.providers import DIALECTS
from badgateway.providers.adyen.shelf import merchant_account
from badgateway.providers.base import Answer, key_rules_of

KEY = "test_api_key_of_these_tests"
MERCHANT = merchant_account(KEY)
VERSION = re.compile(r"^(/checkout)?/v[0-9]+(?=/)")
STARTED_MS = 1_700_000_000_000
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
    operation = contract.operation(replace(request, path=VERSION.sub("", request.path)))
    if operation is not None:
        assert contract.reply_problems(operation, reply) == ()


@dataclass
class Account:
    """One provider account, as a world has it."""

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
        self.dialect = DIALECTS["adyen"]
        self.book = Book(self.clock, self.ids, is_strict=self.is_strict)
        self.keys = KeyStore[Answer](key_rules_of(self.dialect))

    def serve(self, request):
        """Answer one request as a play does: keys first, then the dialect, then the notifications."""
        self.calls += 1
        self.cause, self.request_id = f"call{self.calls}", self.ids.make("request", 14)
        parsed = self.dialect.parse(request)
        known = self.keys.begin(parsed.key, parsed.fingerprint, self.clock.now_ms())
        if isinstance(known, Replay):
            return self.dialect.replayed(known.stored, self)
        if isinstance(known, InFlight):
            return self.dialect.key_in_flight(self)
        if isinstance(known, Mismatch):
            return self.dialect.key_reused(parsed, self)
        answer = self.dialect.answer(parsed, self)
        self.answers.append(answer)
        hold_to_document(request, answer.reply)
        self.keys.finish(parsed.key, answer, is_stored=answer.is_stored)
        self.tell()
        return answer.reply

    def act(self, command):
        """Let somebody do something who is not the integration."""
        outcome = self.book.do(command, "act:test")
        self.tell()
        return outcome

    def wait(self, by_ms):
        """Let time pass, with what the provider does by itself meanwhile."""
        self.clock.advance(by_ms)
        self.book.run_due()
        self.tell()

    def tell(self):
        for happening in self.book.drain():
            self.told.extend(self.dialect.events(happening, self))
        self.told.extend(self.dialect.news(self))
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
