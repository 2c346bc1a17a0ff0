"""A merchant's checkout, as small as one can be: what it asks of the integration, and what it reads."""

from dataclasses import dataclass

import pytest
import requests

TIMEOUT_S = 10


class Refused(Exception):
    """The integration did not do it; `code` is its word for why."""

    def __init__(self, status, code):
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


@dataclass(frozen=True)
class Seen:
    """As much of an order as a checkout shows or decides by."""

    reference: str
    status: str
    amount_minor: int
    paid_minor: int
    refunded_minor: int
    currency: str
    redirect_url: str | None


class Checkout:
    """Open orders, have them paid, look at them, and let the merchant's staff capture, refund and cancel."""

    def __init__(self, url):
        self._url = url

    def open(self, reference, amount, currency, capture="automatic"):
        """Open an order."""
        shopper = {"name": "Ada Byron", "email": "ada@example.test"}
        wanted = {"reference": reference, "amount": amount, "currency": currency, "capture": capture}
        return self._ask("POST", "/orders", {**wanted, "shopper": shopper})

    def pay(self, reference, payment_method):
        """Have an order paid; a decline is an answer here, no refusal."""
        return self._ask("POST", f"/orders/{reference}/pay", {"payment_method": payment_method}, (402,))

    def look(self, reference):
        """Look at an order."""
        return self._ask("GET", f"/orders/{reference}")

    def come_back(self, reference):
        """Bring the shopper back from the provider's page."""
        return self._ask("GET", f"/orders/{reference}/return", None, (402,))

    def capture(self, reference, amount):
        """Take held money."""
        return self._ask("POST", f"/orders/{reference}/capture", {"amount": amount})

    def refund(self, reference, amount, refund_reference):
        """Give money back."""
        wanted = {"amount": amount, "refund_reference": refund_reference}
        return self._ask("POST", f"/orders/{reference}/refunds", wanted)

    def cancel(self, reference):
        """Cancel an order."""
        return self._ask("POST", f"/orders/{reference}/cancel")

    def _ask(self, method, path, wanted=None, answers=()):
        reply = requests.request(method, self._url + path, json=wanted, timeout=TIMEOUT_S)
        if not reply.ok and reply.status_code not in answers:
            raise Refused(reply.status_code, reply.json()["error"]["code"])
        told = reply.json()
        return Seen(**{name: told[name] for name in Seen.__dataclass_fields__})


@pytest.fixture
def checkout():
    """Give the class of the client."""
    return Checkout


@pytest.fixture
def refused():
    """Give what the client raises where the integration did not do it."""
    return Refused
