"""What the routes without an SDK share: JSON over the bounded client, answers sorted by what they prove."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from badgateway.reference.circuit import Circuit
from badgateway.reference.clock import Clock
from badgateway.reference.deadlines import Deadlines
from badgateway.reference.provider import CallFailed, Provider
from badgateway.reference.reconciling import Reconciling
from badgateway.reference.seen import PaymentSeen, RefundSeen
from badgateway.reference.settings import Merchant, Settings
from badgateway.reference.settled import PayoutSeen, SettledLine
from badgateway.reference.spans import Spans
from badgateway.reference.store import Store

MISSING = "resource_missing"
_TOO_MANY = 429
Read = TypeVar("Read")
Written = TypeVar("Written", int, str)


class JsonProvider(Provider, ABC):
    """A provider that is asked without an SDK; a route says what is asked and in which words it refuses.

    What such a route has nothing of is answered here: charges beside payments, a list of all payments, and
    settlements other than by report.
    """

    done: ClassVar[frozenset[int]]  # HTTP statuses of what was carried out
    definite: ClassVar[frozenset[int]]  # HTTP statuses of a refusal, where the body is the provider's own

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        before_call: Callable[[], None],
        deadlines: Deadlines,
        circuit: Circuit,
        merchant: Merchant,
        spans: Spans,
        store: Store,
    ) -> None:
        super().__init__(settings, clock, before_call, deadlines, circuit, merchant, spans)
        self._base, self._merchant, self._store = settings.api_base, merchant, store

    def perform(
        self, kind: str, params: Mapping[str, Any], key: str, budget_ms: float
    ) -> PaymentSeen | RefundSeen:
        """Carry out a durable intent: pay, capture, void or refund; raises CallFailed."""
        if kind == "pay":
            return self._pay(params, key, budget_ms)
        if kind == "refund":
            return self._refund(params, key, budget_ms)
        return self._modify(kind, params, key, budget_ms)

    def tokenise(self, card: Mapping[str, str], reference: str) -> str:  # noqa: ARG002 - none is taken
        """Refuse: a card is typed into a page or a frame of the provider's own, and never comes here."""
        raise CallFailed("refused", "not_supported", may_retry=False)

    def payment_of_charge(self, charge_id: str) -> str | None:  # noqa: ARG002 - there are no charges
        """Give nothing: an event names the payment itself."""
        return None

    def payments_since(
        self,
        created_s: int,  # noqa: ARG002 - nobody is asked
        budget_ms: float,  # noqa: ARG002 - as above
        rules: Reconciling,  # noqa: ARG002 - as above
    ) -> tuple[list[PaymentSeen], bool]:
        """Give none, and say that this is not all: payments cannot be listed by their time."""
        return [], False

    def payouts_since(self, created_s: int) -> list[PayoutSeen]:  # noqa: ARG002 - its reports are files
        """Give none: settlements come as reports."""
        return []

    def lines_of(self, payout_id: str) -> list[SettledLine]:  # noqa: ARG002 - as above
        """Give none."""
        return []

    @abstractmethod
    def _pay(self, params: Mapping[str, Any], key: str, budget_ms: float) -> PaymentSeen: ...

    @abstractmethod
    def _modify(self, kind: str, params: Mapping[str, Any], key: str, budget_ms: float) -> PaymentSeen: ...

    @abstractmethod
    def _refund(self, params: Mapping[str, Any], key: str, budget_ms: float) -> RefundSeen: ...

    @abstractmethod
    def _own_code(self, told: Mapping[str, Any]) -> str | None:
        """Give the code of an error that is the provider's own, None where it is not."""

    def _refused_as(self, status: int, told: Mapping[str, Any], code: str) -> str | None:  # noqa: ARG002 - for the routes
        """Give the code of a refusal, None where even the provider's own error proves nothing."""
        return code

    def _send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None,
        budget_ms: float,
        read: Callable[[Any], Read],
        *,
        is_probe: bool = False,
    ) -> Read:
        """Send one request; raises CallFailed for everything that is no answer of the provider's to it.

        `read` takes the JSON of an answer, and raises ValueError or TypeError where it is no such answer.
        """
        with self._bounded(budget_ms, is_probe=is_probe):
            answer, status, told = self._wire.request(method, f"{self._base}{path}", headers, body)
            if status >= 500:
                self._circuit.note(is_there=False)
            shown = _json(answer)
            if status not in self.done or not shown:
                raise self._sort(status, shown, told.get("Retry-After"))
            return read(shown)
        raise AssertionError("a bounded call ends with an answer or an error")

    def _sort(self, status: int, shown: Any, retry_after: str | None) -> CallFailed:
        """Say what an answer that is none proves."""
        told = shown if isinstance(shown, Mapping) else {}
        own = self._own_code(told)
        code = f"http_{status}" if own is None else own
        wait_ms = int(retry_after) * 1000 if retry_after and retry_after.isdecimal() else 0
        if status == _TOO_MANY:
            return CallFailed("not_done", code, retry_after_ms=wait_ms)
        # A body that is not the provider's own error may come from anything between us and it.
        if status in self.definite and own is not None:
            refused = self._refused_as(status, told, code)
            if refused is not None:
                return CallFailed("refused", refused, may_retry=False)
        return CallFailed("nothing", code, retry_after_ms=wait_ms)


def object_of(told: Any) -> Mapping[str, Any]:
    """Give an answer that is a JSON object, which nearly every one is; raises TypeError for another."""
    if not isinstance(told, Mapping):
        raise TypeError("an answer that is no object")
    return told


def understood(read: Callable[[], Read]) -> Read:
    """Read an answer; raises CallFailed where it is JSON of another shape than we know: it proves nothing."""
    try:
        return read()
    except (ValueError, TypeError, LookupError, AttributeError) as problem:
        raise CallFailed("nothing", "unexpected_answer") from problem


def writable(to_wire: Callable[[int, str], Written], minor: int, currency: str) -> Written:
    """Write an amount of minor units; raises CallFailed where the provider has no way to write it."""
    try:
        return to_wire(minor, currency)
    except ValueError as problem:
        raise CallFailed("refused", "amount_not_supported", may_retry=False) from problem


def missing() -> CallFailed:
    """Make what is raised where the provider, or what we were told by it, has no such thing."""
    return CallFailed("refused", MISSING, may_retry=False)


def _json(answer: bytes) -> Any:
    try:
        return json.loads(answer)
    except (ValueError, RecursionError):
        return None
