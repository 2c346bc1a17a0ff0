"""The poller finds out by itself what nobody has told."""

from __future__ import annotations

import pytest

from badgateway.reference.resolve import Poller, sync


@pytest.fixture
def waiting(fake, start):
    """Give a shop whose order was paid without a word to it, and a poller that runs often."""
    shop = start(POLL_INTERVAL_MS="1")
    shop.opened()
    shop.pay(method="pm_slow")
    fake.become(fake.payments["pi_1"], "succeeded", 4999)
    return shop


def test_it_asks_until_it_knows(fake, waiting):
    poller = Poller(waiting.service)

    poller.start()
    while waiting.view()["status"] == "PENDING":
        assert fake.arrived.acquire(timeout=5)
    poller.stop()

    assert waiting.view()["status"] == "PAID"


def test_it_is_off_without_an_interval(start):
    poller = Poller(start().service)

    poller.start()

    assert not poller._thread.is_alive()


def test_a_sync_with_nothing_open_asks_nobody(fake, start):
    assert sync(start().service) == {"parts": 0}
    assert fake.calls == []
