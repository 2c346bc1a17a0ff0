"""Euler behind the bounded client: what exists is never made twice, and what is unsure is looked up."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from badgateway.reference import stripe_amounts
from badgateway.reference.circuit import Circuit
from badgateway.reference.clock import Clock
from badgateway.reference.deadlines import Deadlines
from badgateway.reference.euler import reading
from badgateway.reference.euler.amounts import to_wire
from badgateway.reference.euler.names import order_id_of, request_id_of
from badgateway.reference.euler.own import order_of_part, refund_names
from badgateway.reference.provider import CallFailed, Provider
from badgateway.reference.reconciling import Reconciling
from badgateway.reference.seen import DisputeSeen, PaymentSeen, RefundSeen
from badgateway.reference.settings import Merchant, Settings
from badgateway.reference.settled import PayoutSeen, SettledLine
from badgateway.reference.spans import Spans
from badgateway.reference.states import State
from badgateway.reference.store import Store

_VERSION = "2025-01-10"  # of the answers that we read
_MISSING, _TAKEN, _REPEATED = "resource_missing", "duplicate.order_id", "duplicate.call"
_WRONG_STATE = "invalid.txn.state"
_HANDLES_MAX = 10_000
_DEFINITE = frozenset({400, 401, 403, 404, 405})
Part = TypeVar("Part", RefundSeen, DisputeSeen)
Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Handle:
    """By what the transaction of an order is captured, voided and refunded; it never changes."""

    txn_uuid: str
    currency: str


class EulerProvider(Provider):
    """Euler's API, as far as this integration needs it."""

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
        self._handles: dict[str, Handle] = {}  # order_id -> what spares a look

    def perform(
        self, kind: str, params: Mapping[str, Any], key: str, budget_ms: float
    ) -> PaymentSeen | RefundSeen:
        """Carry out a durable intent: pay, capture, void or refund; raises CallFailed."""
        if kind == "pay":
            return self._pay(params, budget_ms)
        if kind == "refund":
            return self._refund(params, budget_ms)
        return self._modify(kind, params, key, budget_ms)

    def probe(self) -> None:
        """Find out whether Euler is there, whatever the circuit says; raises CallFailed."""
        path = f"/merchants/{self._merchant.account}/paymentmethods"
        self._ask("get", path, None, self._timeout_ms, is_probe=True)

    def tokenise(self, card: Mapping[str, str], reference: str) -> str:  # noqa: ARG002 - none is taken
        """Refuse: with Euler a card is typed into its own page or locker, and never comes here."""
        raise CallFailed("refused", "not_supported", may_retry=False)

    def payment(self, provider_id: str) -> PaymentSeen:
        """Look an order up; raises CallFailed."""
        raw = self._order(provider_id)
        return _understood(lambda: reading.read_order(raw))

    def payment_of_charge(self, charge_id: str) -> str | None:  # noqa: ARG002 - there are no charges
        """Give nothing: an event names the order itself."""
        return None

    def attempt_of(
        self,
        reference: str,
        n: int,
        created_s: int,  # noqa: ARG002 - its id is known, nothing is searched
        budget_ms: float,
        rules: Reconciling,  # noqa: ARG002 - as above
    ) -> tuple[list[PaymentSeen], bool]:
        """Look an attempt up by the id that we have given it, so that its absence is certain."""
        order_id = order_id_of(reference, n)
        try:
            raw = self._order(order_id, budget_ms)
        except CallFailed as problem:
            if problem.code == _MISSING:
                return [], True
            raise
        return [_understood(lambda: reading.read_order(raw))], True

    def payments_since(
        self,
        created_s: int,  # noqa: ARG002 - nobody is asked
        budget_ms: float,  # noqa: ARG002 - as above
        rules: Reconciling,  # noqa: ARG002 - as above
    ) -> tuple[list[PaymentSeen], bool]:
        """Give none, and say that this is not all: orders cannot be listed."""
        return [], False

    def refund(self, provider_id: str) -> RefundSeen:
        """Look a refund up; raises CallFailed."""
        order_id, part_id = self._located(provider_id)
        return _one(self.refunds_of(order_id), part_id)

    def refunds_of(self, payment_id: str) -> list[RefundSeen]:
        """List the refunds of an order; raises CallFailed."""
        names = refund_names(self._store, payment_id)
        raw = self._order(payment_id)
        return _understood(lambda: reading.refunds_of(raw, names))

    def dispute(self, provider_id: str) -> DisputeSeen | None:
        """Look a chargeback up; raises CallFailed."""
        order_id, part_id = self._located(provider_id)
        is_known, raw = order_of_part(self._store, part_id) is not None, self._order(order_id)
        if _understood(lambda: reading.is_question(raw, part_id, is_known=is_known)):
            return None
        return _one(_understood(lambda: reading.disputes_of(raw, is_known=is_known)), part_id)

    def disputes_of(self, payment_id: str) -> list[DisputeSeen]:
        """List the chargebacks of an order; raises CallFailed."""
        raw = self._order(payment_id)
        return _understood(lambda: reading.disputes_of(raw))

    def payouts_since(self, created_s: int) -> list[PayoutSeen]:  # noqa: ARG002 - gateways pay out, not Euler
        """Give none: the gateways behind Euler pay out."""
        return []

    def lines_of(self, payout_id: str) -> list[SettledLine]:  # noqa: ARG002 - as above
        """Give none."""
        return []

    def _pay(self, params: Mapping[str, Any], budget_ms: float) -> PaymentSeen:
        currency, metadata = str(params["currency"]).upper(), params["metadata"]
        reference, n = str(metadata["order"]), int(metadata["attempt"])
        order_id = order_id_of(reference, n)
        minor = stripe_amounts.from_wire(int(params["amount"]), currency)
        is_manual = params.get("capture_method") == "manual"
        form = {
            "order.order_id": order_id,
            "order.amount": _amount(minor, currency),
            "order.currency": currency,
            "order.customer_id": order_id,
            "order.return_url": params["return_url"],
            "order.udf1": reference,
            "order.udf2": str(n),
            "order.metadata.txns.auto_capture": "false" if is_manual else "true",
            "merchant_id": self._merchant.account,
            "payment_method_type": "CARD",
            "card_token": params["payment_method"],
            "redirect_after_payment": "true",
            "format": "json",
        }
        try:
            told = self._ask("post", "/txns", form, budget_ms, order_id)
        except CallFailed as problem:
            if problem.code != _TAKEN:
                raise
            # We made it: an earlier try came through, and its answer did not.
            return _judged(self._after(lambda: self.payment(order_id)))
        seen = _understood(lambda: reading.read_txn(told, reference, n))
        self._remember(told, seen.currency)
        return _judged(seen)

    def _modify(self, kind: str, params: Mapping[str, Any], key: str, budget_ms: float) -> PaymentSeen:
        """Take or release what is held; the status look-up says what came of it."""
        order_id, wanted = (
            str(params["payment_id"]),
            State.SUCCEEDED if kind == "capture" else State.CANCELLED,
        )
        handle = self._handle(order_id)
        form = {}
        if kind == "capture":
            minor = stripe_amounts.from_wire(int(params["amount_to_capture"]), handle.currency)
            form = {"amount": _amount(minor, handle.currency), "idempotence_key": key}
        try:
            self._ask("post", f"/v2/txns/{handle.txn_uuid}/{kind}", form, budget_ms, order_id)
        except CallFailed as problem:
            if problem.code != _WRONG_STATE:
                raise
            # An earlier try may have done it: then that is the answer.
            now = self._after(lambda: self.payment(order_id))
            if now.state is wanted:
                return now
            raise
        return self._after(lambda: self.payment(order_id))

    def _handle(self, order_id: str) -> Handle:
        """Give by what an order is changed; where the look for it fails, nothing was asked for."""
        known = self._handles.get(order_id)
        if known is not None:
            return known
        try:
            raw = self._order(order_id)
            return self._remember(raw, _understood(lambda: reading.read_order(raw)).currency)
        except CallFailed as problem:
            if problem.proves != "nothing":
                raise
            raise CallFailed("not_done", problem.code, retry_after_ms=problem.retry_after_ms) from problem

    def _remember(self, raw: Mapping[str, Any], currency: str) -> Handle:
        made = _understood(lambda: Handle(str(raw["txn_uuid"]), currency))
        if len(self._handles) >= _HANDLES_MAX:
            self._handles.clear()
        self._handles[str(raw["order_id"])] = made
        return made

    def _refund(self, params: Mapping[str, Any], budget_ms: float) -> RefundSeen:
        order_id, reference = str(params["payment_intent"]), str(params["metadata"]["refund"])
        currency = self._handle(order_id).currency
        minor = stripe_amounts.from_wire(int(params["amount"]), currency)
        request_id = request_id_of(reference)
        form = {"unique_request_id": request_id, "amount": _amount(minor, currency)}
        names = {request_id: reference}
        try:
            told = self._ask("post", f"/orders/{order_id}/refunds", form, budget_ms, order_id)
        except CallFailed as problem:
            if problem.code != _REPEATED:
                raise
            told = self._after(lambda: self._order(order_id))
        made = [
            one for one in _understood(lambda: reading.refunds_of(told, names)) if one.reference == reference
        ]
        if not made:
            # Refused as a repetition of another refund that is being worked on.
            raise CallFailed("not_done", _REPEATED)
        return made[0]

    def _located(self, part_id: str) -> tuple[str, str]:
        """Give the order of a refund or a chargeback, as an event names it or as the books know it."""
        order_id, slash, rest = part_id.partition("/")
        if slash:
            return order_id, rest
        known = order_of_part(self._store, part_id)
        if known is None:
            raise CallFailed("refused", _MISSING, may_retry=False)
        return known, part_id

    def _order(self, order_id: str, budget_ms: float | None = None) -> Mapping[str, Any]:
        return self._ask("get", f"/orders/{order_id}", None, budget_ms or self._timeout_ms, order_id)

    def _ask(
        self,
        method: str,
        path: str,
        form: Mapping[str, Any] | None,
        budget_ms: float,
        order_id: str = "",
        *,
        is_probe: bool = False,
    ) -> Mapping[str, Any]:
        """Send one request; raises CallFailed for everything that is no answer of Euler's."""
        pair = base64.b64encode(f"{self._merchant.api_key}:".encode()).decode()
        headers = {
            "Authorization": f"Basic {pair}",
            "x-merchantid": self._merchant.account,
            "version": _VERSION,
        }
        headers |= {"x-routing-id": order_id} if order_id else {}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        raw = urlencode(form).encode() if form is not None else None
        with self._bounded(budget_ms, is_probe=is_probe):
            answer, status, told = self._wire.request(method, f"{self._base}{path}", headers, raw)
            if status >= 500:
                self._circuit.note(is_there=False)
            shown = _read(answer)
            if status == 200 and shown:
                if order_id and shown.get("order_id") != order_id:
                    raise ValueError("an answer about another order")
                return shown
            raise _sort(status, shown, told.get("Retry-After"))
        raise AssertionError("a bounded call ends with an answer or an error")


def _understood(read: Callable[[], Seen]) -> Seen:
    """Read an answer; raises CallFailed where it is JSON of another shape than we know: it proves nothing."""
    try:
        return read()
    except (ValueError, TypeError, LookupError, AttributeError) as problem:
        raise CallFailed("nothing", "unexpected_answer") from problem


def _amount(minor: int, currency: str) -> str:
    """Write an amount; raises CallFailed where Euler has no way to write it."""
    try:
        return to_wire(minor, currency)
    except ValueError as problem:
        raise CallFailed("refused", "amount_not_supported", may_retry=False) from problem


def _judged(seen: PaymentSeen) -> PaymentSeen:
    """Give what a charge came to; raises CallFailed where the issuer said no, or nobody can say."""
    if seen.state is State.FAILED:
        raise CallFailed("declined", seen.failure_code or "declined", may_retry=False, payment=seen)
    if seen.state is None:
        raise CallFailed("nothing", "unexpected_answer")
    return seen


def _one(parts: list[Part], wanted: str) -> Part:
    found = next((one for one in parts if one.provider_id == wanted), None)
    if found is None:
        raise CallFailed("refused", _MISSING, may_retry=False)
    return found


def _read(answer: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}


def _sort(status: int, shown: Mapping[str, Any], retry_after: str | None) -> CallFailed:
    """Say what an answer that is none proves."""
    code = str(shown.get("error_code") or f"http_{status}")
    wait_ms = int(retry_after) * 1000 if retry_after and retry_after.isdecimal() else 0
    if status == 429:
        return CallFailed("not_done", code, retry_after_ms=wait_ms)
    # A body that is not Euler's own error may come from anything between us and it.
    if status in _DEFINITE and shown.get("error_code"):
        if shown.get("status") == "NOT_FOUND":
            return CallFailed("refused", _MISSING, may_retry=False)
        return CallFailed("refused", code, may_retry=False)
    return CallFailed("nothing", code, retry_after_ms=wait_ms)
