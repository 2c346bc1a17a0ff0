"""A book over a fixed clock, in which the method of a payment is a card word."""

from __future__ import annotations

import pytest

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.payments.book import Book
from badgateway.payments.decisions import CARDS


@pytest.fixture
def clock() -> Clock:
    """Give a clock that starts at a round moment."""
    return Clock(started_ms=1_700_000_000_000)


@pytest.fixture
def book(clock: Clock) -> Book:
    """Give a strict book."""
    return Book(clock, Ids(1, "test"), decide=lambda payment: CARDS[payment.method or "approved"])


@pytest.fixture
def lax(clock: Clock) -> Book:
    """Give a permissive book."""
    return Book(
        clock, Ids(1, "test"), is_strict=False, decide=lambda payment: CARDS[payment.method or "approved"]
    )
