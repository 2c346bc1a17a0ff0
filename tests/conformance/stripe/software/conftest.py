"""What is needed to start software that nobody here wrote: the simulator, and environments of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import stripe


@contextmanager
def started(
    command: list[str], ready: str, **options: object
) -> Iterator[tuple[subprocess.Popen, list[str]]]:
    """Start a program and read what it says until `ready` stands in a line; end it afterwards."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options) as program:
        assert program.stdout is not None
        said = []
        try:
            for line in program.stdout:
                said.append(line.strip())
                if ready in line:
                    break
            assert ready in "".join(said[-1:]), said
            yield program, said
        finally:
            program.terminate()


@pytest.fixture
def start():
    """Give the starter of programs."""
    return started


@pytest.fixture
def served(tmp_path):
    """Serve the simulated provider without an endpoint; software registers its own."""
    command = [sys.executable, "-m", "badgateway", "serve", "--print-env"]
    with (tmp_path / "serve.log").open("w") as log:
        options = {"cwd": tmp_path, "stderr": log}
        with started(command, "STRIPE_WEBHOOK_SECRET", **options) as (_, said):
            yield dict(line.split("=", 1) for line in said)


@pytest.fixture
def merchant(served):
    """Give the SDK as a merchant uses it, beside the software that follows what happens."""
    http = stripe.RequestsClient()
    base = {"api": served["STRIPE_URL"]}
    yield stripe.StripeClient(served["STRIPE_API_KEY"], base_addresses=base, http_client=http).v1
    http.close()


@pytest.fixture
def a_day(merchant):
    """Give a day of a merchant: a payment, a part paid back, a decline, a hold, captured and paid back."""

    def live(between: Callable[[], None] = lambda: None) -> None:
        customer = merchant.customers.create({"email": "ada@shop.example", "name": "Ada"})
        usual = {
            "currency": "eur",
            "customer": customer.id,
            "confirm": True,
            "payment_method_types": ["card"],
        }
        paid = merchant.payment_intents.create({**usual, "amount": 4999, "payment_method": "pm_card_visa"})
        between()
        merchant.refunds.create({"payment_intent": paid.id, "amount": 1000})
        between()
        with pytest.raises(stripe.CardError):
            merchant.payment_intents.create(
                {**usual, "amount": 700, "payment_method": "pm_card_chargeDeclined"}
            )
        held = merchant.payment_intents.create(
            {**usual, "amount": 2500, "payment_method": "pm_card_visa", "capture_method": "manual"}
        )
        between()
        merchant.payment_intents.capture(held.id, {"amount_to_capture": 2000})
        between()
        merchant.refunds.create({"payment_intent": held.id})
        between()

    return live


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    """Give a place for what is installed."""
    return tmp_path_factory.mktemp("software")
