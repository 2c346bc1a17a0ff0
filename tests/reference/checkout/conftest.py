"""The route to Checkout.com against the simulated one, over a socket of the loopback."""

from types import SimpleNamespace

import pytest
from tests.reference.listening import listening

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.ground.message import Reply
from badgateway.payments.book import Book
from badgateway.payments.idempotency import KeyStore, Replay
from badgateway.play.account import Account
from badgateway.providers import DIALECTS
from badgateway.providers.base import Endpoint
from badgateway.reference.service import build_service
from badgateway.reference.settings import read_settings
from badgateway.reference.web import build_app

KEY, SECRET = "sk_test_of_the_route", "secret_of_the_route"
DIALECT = DIALECTS["checkout"]


class Bench:
    """The simulated Checkout.com, and ways to make its answers go wrong."""

    def __init__(self):
        clock = Clock(started_ms=1_700_000_000_000)
        ids = Ids(1, "test")
        self.account = Account(Book(clock, ids), clock, ids, KEY, True, KeyStore(DIALECT.key_rules), DIALECT)
        self.book = self.account.book
        self.told = []  # every event, in the order in which it was made
        self.seen = []  # of each request, method and path
        self.spoils = []  # (method, end of the path, what is done): lose, or a reply; each once

    def answer(self, request):
        """Answer one request, or give None where the answer is lost."""
        self.seen.append(f"{request.method} {request.path}")
        spoil = next((one for one in self.spoils if self._fits(one, request)), None)
        if spoil is not None:
            self.spoils.remove(spoil)
        if spoil is not None and spoil[2] != "lose":
            return spoil[2]
        parsed = DIALECT.parse(request)
        known = self.account.keys.begin(parsed.key, parsed.fingerprint, self.account.clock.now_ms())
        if isinstance(known, Replay):
            return DIALECT.replayed(known.stored, self.account)
        answer = DIALECT.answer(parsed, self.account)
        self.account.keys.finish(parsed.key, answer, is_stored=answer.is_stored)
        self.tell()
        return None if spoil is not None else answer.reply

    @staticmethod
    def _fits(spoil, request):
        return spoil[0] == request.method and request.path.endswith(spoil[1])

    def act(self, command):
        """Let somebody do something who is not the integration."""
        self.book.do(command, "act:test")
        self.tell()

    def tell(self):
        self.told += [one for each in self.book.drain() for one in DIALECT.events(each, self.account)]


@pytest.fixture
def bench():
    """Give a simulated Checkout.com."""
    return Bench()


@pytest.fixture
def service(bench, tmp_path):
    """Give an integration whose only provider is the simulated one."""
    with listening(bench.answer) as url:
        made = build_service(read_settings(environment(url, tmp_path), 1))
        yield made
        made.close()


def environment(url, folder):
    return {
        "PROVIDER": "checkout",
        "CHECKOUT_API_BASE": url,
        "CHECKOUT_API_KEY": KEY,
        "CHECKOUT_WEBHOOK_SECRET": f"old,{SECRET}",
        "RETRY_BASE_MS": "1",
        "DATABASE": str(folder / "books.sqlite"),
    }


@pytest.fixture
def shop(service, bench):
    """Give the integration's own HTTP API, and what a shopper, a merchant and Checkout.com do with it."""
    client = build_app(service).test_client()

    def pay(card="approved", *, amount="49.99", currency="EUR", capture="automatic", reference="o1"):
        order = {
            "reference": reference,
            "amount": amount,
            "currency": currency,
            "capture": capture,
            "shopper": {"name": "Ada", "email": "ada@example.com"},
        }
        client.post("/orders", json=order)
        return client.post(f"/orders/{reference}/pay", json={"payment_method": DIALECT.cards[card]}).json

    def hear(body=None, headers=None):
        """Bring one webhook in, or everything that was told since the last time; give the statuses."""
        bodies = [body] if body is not None else [one.body for one in bench.told]
        bench.told.clear()
        return [
            client.post("/webhooks/checkout/main", data=one, headers=signed(one, headers)).status_code
            for one in bodies
        ]

    def signed(body, headers):
        return dict(DIALECT.sign(body, Endpoint("", SECRET), 0)) if headers is None else headers

    def view(reference="o1"):
        return client.get(f"/orders/{reference}").json

    return SimpleNamespace(client=client, pay=pay, hear=hear, view=view)


def reply(status, body=b"{}"):
    """Give an answer that stands between the integration and Checkout.com."""
    return Reply(status, body, (("content-type", "application/json"),))
