"""The clients of the reference integration's routes without an SDK, and what they are asked to do."""

from badgateway.reference.breaking import Breaking
from badgateway.reference.circuit import Circuit
from badgateway.reference.clock import Clock
from badgateway.reference.deadlines import Deadlines
from badgateway.reference.settings import Merchant, Settings
from badgateway.reference.spans import Spans

KEY = "0123456789abcdef0123456789abcdef"
BUDGET_MS = 5_000
RETURN_URL = "http://127.0.0.1:8000/orders/order1/return"


def client_of(route, url, store, api_key, account):
    """Make the client of a route, which asks at this address, as its process makes it."""
    merchant = Merchant("main", api_key, (), account=account)
    settings = Settings(merchant, api_base=url, database="", public_url="http://127.0.0.1:8000")
    clock = Clock(seed=1)
    circuit = Circuit(Breaking(), clock, 5, 10_000, 8)
    return route(settings, clock, lambda: None, Deadlines(), circuit, merchant, Spans("", clock), store)


def pay(client, token, capture="automatic"):
    """Let the client pay, with what the reference integration gives it."""
    wanted = {
        "amount": 4999,
        "currency": "eur",
        "payment_method": token,
        "capture_method": capture,
        "return_url": RETURN_URL,
        "metadata": {"order": "order1", "attempt": "1"},
    }
    return client.perform("pay", wanted, KEY, BUDGET_MS)
