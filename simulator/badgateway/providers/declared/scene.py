"""What a template is filled about: one payment, refund, dispute, error or event, as it stands now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.ground.records import changed
from badgateway.payments.model import Attempt, Dispute, Payment, Refund
from badgateway.payments.settlement import Payout
from badgateway.providers.base import Account
from badgateway.providers.declared.model import Spec


class Fault(Struct, frozen=True):
    """One refusal, as it is worded: {error.*}."""

    word: str
    status: int
    code: Any = None
    message: str = ""
    param: str | None = None


class Tidings(Struct, frozen=True):
    """One event, as it is told: {event.*}; `shown` is what {event.object} gives."""

    id: str
    type: str
    name: str
    at_ms: int
    shown: Any = None


class Page(Struct, frozen=True):
    """A part of a list: {page.*}."""

    items: tuple[Payment, ...]
    total: int
    skipped: int


class Scene(Struct, frozen=True):
    """All that the names of a template may reach; what a template's occasion lacks is null."""

    spec: Spec
    account: Account
    payment: Payment | None = None
    attempt: Attempt | None = None
    refund: Refund | None = None
    dispute: Dispute | None = None
    payout: Payout | None = None
    error: Fault | None = None
    event: Tidings | None = None
    page: Page | None = None
    home: str = ""
    sent: Mapping[str, Any] = {}  # what the request said: {sent.amount}

    def about(self, payment: Payment | None, refund: Refund | None = None) -> Scene:
        """Give the scene of a payment with its newest attempt, or of a refund of it."""
        attempt = payment.attempts[-1] if payment is not None and payment.attempts else None
        if payment is not None and refund is not None and refund.attempt_id is not None:
            attempt = next((one for one in payment.attempts if one.id == refund.attempt_id), attempt)
        return changed(self, payment=payment, attempt=attempt, refund=refund)


class Nobody:
    """Stand for the account where a request was not even read as far as its API key."""

    api_key = request_id = ""
    book = shelf = None

    def __init__(self) -> None:
        self.clock, self.ids = Clock(), Ids(0, "")
