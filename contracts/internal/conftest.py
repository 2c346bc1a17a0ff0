"""The reference integration's client of Euler, as its process makes it, and who it is there."""

import base64

import pytest
from contracts.asking import client_of
from pact import match

from badgateway.providers import DIALECTS
from badgateway.reference.euler.provider import EulerProvider
from badgateway.reference.store import Store

API_KEY = "sk_test_reference"
# Euler gives each key's owner a name; a request for another one's is refused.
MERCHANT_ID = DIALECTS["euler"].settings("", API_KEY, "")["merchant_id"]


class Shop:
    """Makes clients with one key, and describes what each of their requests carries."""

    merchant_id = MERCHANT_ID

    def __init__(self, folder):
        self.account = {"api_key": API_KEY}
        self._folder = folder
        self._stores = []

    def client(self, url, api_key=API_KEY):
        """Give the client, which asks at this address."""
        store = Store(str(self._folder / f"{len(self._stores)}.sqlite"))
        self._stores.append(store)
        return client_of(EulerProvider, url, store, api_key, MERCHANT_ID)

    def asked(self, interaction, method, path, order_id=None, api_key=API_KEY):
        """Describe what stands in the head of a request."""
        pair = base64.b64encode(f"{api_key}:".encode()).decode()
        described = (
            interaction.with_request(method, path)
            .with_header("Authorization", match.regex(f"Basic {pair}", regex=r"Basic [A-Za-z0-9+/]+=*"))
            .with_header("x-merchantid", match.regex(MERCHANT_ID, regex=r"[\w-]+"))
            .with_header("version", "2025-01-10")
        )
        return described.with_header("x-routing-id", order_id) if order_id else described

    def given(self, pact, description, *states):
        """Describe what there is before a request: the account first, as each begins in an empty world."""
        interaction = pact.upon_receiving(description).given("a merchant account", **self.account)
        for state, params in states:
            interaction = interaction.given(state, **params)
        return interaction

    def look(self, pact, description, order_id, *states, word="CHARGED", **more):
        """Describe a look at an order of 49.99 EUR, and what the client reads of it."""
        shown = {
            "order_id": order_id,
            "txn_uuid": match.regex(f"eul1z{order_id}", regex=r"[A-Za-z0-9_-]{1,64}"),
            "status": word,
            "amount": 49.99,
            "currency": "EUR",
            "effective_amount": 49.99,
            "amount_refunded": 0,
            "refunds": [],
            "chargebacks": [],
            "udf1": "order1",
            "txn_detail": {"currency": "EUR"},
        }
        asked = self.asked(self.given(pact, description, *states), "GET", f"/orders/{order_id}", order_id)
        asked.will_respond_with(200).with_body({**shown, **more}, "application/json")

    def close(self):
        """Close the books of every client."""
        for store in self._stores:
            store.close()


@pytest.fixture
def shop(tmp_path):
    """Give the reference integration as far as it speaks with Euler."""
    made = Shop(tmp_path)
    yield made
    made.close()
