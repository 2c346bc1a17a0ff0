"""The route through Euler against the simulated one, over a socket of the loopback."""

import pytest
from tests.providers.euler.conftest import KEY, MERCHANT, Account
from tests.reference.listening import listening

from badgateway.ground.message import Reply
from badgateway.providers.base import Endpoint
from badgateway.providers.euler.shelf import response_key
from badgateway.providers.euler.signing import USER
from badgateway.reference.service import build_service
from badgateway.reference.settings import read_settings
from badgateway.reference.web import build_app

SECRET = "password_of_the_route"


class Route:
    """An integration, the account at its end, and ways to make answers go wrong."""

    def __init__(self, account):
        self.account, self.service = account, None
        self.seen = []  # of each request, method and path
        self.spoils = []  # (method, part of the path, what is done): lose, refuse, or a status

    def perform(self, kind, params, key="k1"):
        return self.service.provider.perform(kind, params, key, 20_000)

    def pay(self, card="approved", *, amount=1000, mode="automatic", order="o1", n=1):
        params = {
            "amount": amount,
            "currency": "eur",
            "payment_method": f"tkn_{card}",
            "capture_method": mode,
            "return_url": "https://shop.example/",
            "metadata": {"order": order, "attempt": str(n)},
        }
        return self.perform("pay", params)

    def capture(self, order_id, amount=1000, key="k2"):
        return self.perform("capture", {"payment_id": order_id, "amount_to_capture": amount}, key)

    def refund(self, order_id, amount=300, reference="mine"):
        params = {"payment_intent": order_id, "amount": amount, "metadata": {"refund": reference}}
        return self.perform("refund", params, "k3")

    def spoil(self, request):
        """Give what is to be done about a request; each is done once."""
        for spoil in self.spoils:
            if spoil[0] == request.method and spoil[1] in request.path:
                self.spoils.remove(spoil)
                return spoil[2]
        return None

    def answer(self, request):
        """Answer one request, or give None where the answer is lost."""
        self.seen.append(f"{request.method} {request.path}")
        spoil = self.spoil(request)
        reply = self.account.serve(request) if spoil in {None, "lose"} else Reply(spoil, b"{}")
        return None if spoil == "lose" else reply

    def headers(self, secret=SECRET):
        return dict(self.account.dialect.sign(b"", Endpoint("", secret), 0))


@pytest.fixture
def route(tmp_path):
    """Give a route to an account on a free port of the loopback."""
    made = Route(Account())
    with listening(made.answer) as url:
        environment = {
            "PROVIDER": "euler",
            "EULER_API_BASE": url,
            "EULER_API_KEY": KEY,
            "EULER_WEBHOOK_SECRET": f"{USER}:{SECRET}",
            "EULER_MERCHANT_ACCOUNT": MERCHANT,
            "EULER_RESPONSE_KEY": response_key(KEY),
            "RETRY_BASE_MS": "1",
            "DATABASE": str(tmp_path / "books.sqlite"),
        }
        made.service = build_service(read_settings(environment, 1))
        yield made
        made.service.close()


@pytest.fixture
def shop(route):
    """Give the integration's own HTTP API."""
    return build_app(route.service).test_client()


@pytest.fixture
def bought(shop):
    """Give a maker of orders that are paid: `bought("o1", "declined")` gives the answer."""

    def pay(reference="o1", card="approved", capture="automatic"):
        order = {
            "reference": reference,
            "amount": "49.99",
            "currency": "EUR",
            "capture": capture,
            "shopper": {"name": "Ada", "email": "ada@example.com"},
        }
        shop.post("/orders", json=order)
        return shop.post(f"/orders/{reference}/pay", json={"payment_method": f"tkn_{card}"}).json

    return pay
