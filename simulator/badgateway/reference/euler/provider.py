"""Euler behind the bounded client: what exists is never made twice, and what is unsure is looked up."""

from __future__ import annotations

import base64
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
from badgateway.reference.euler.own import refund_names
from badgateway.reference.json_provider import MISSING, JsonProvider, missing, object_of, understood, writable
from badgateway.reference.parts import payment_of_part
from badgateway.reference.provider import CallFailed
from badgateway.reference.reconciling import Reconciling
from badgateway.reference.seen import DisputeSeen, PaymentSeen, RefundSeen
from badgateway.reference.settings import Merchant, Settings
from badgateway.reference.spans import Spans
from badgateway.reference.states import State
from badgateway.reference.store import Store

_VERSION = "2025-01-10"  # of the answers that we read
_TAKEN, _REPEATED = "duplicate.order_id", "duplicate.call"
_WRONG_STATE = "invalid.txn.state"
_HANDLES_MAX = 10_000
Part = TypeVar("Part", RefundSeen, DisputeSeen)


@dataclass(frozen=True, slots=True)
class Handle:
    """By what the transaction of an order is captured, voided and refunded; it never changes."""

    txn_uuid: str
    currency: str


class EulerProvider(JsonProvider):
    """Euler's API, as far as this integration needs it."""

    done = frozenset({200})
    definite = frozenset({400, 401, 403, 404, 405})

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
        super().__init__(settings, clock, before_call, deadlines, circuit, merchant, spans, store)
        self._handles: dict[str, Handle] = {}  # order_id -> what spares a look

    def probe(self) -> None:
        """Find out whether Euler is there, whatever the circuit says; raises CallFailed."""
        path = f"/merchants/{self._merchant.account}/paymentmethods"
        self._ask("get", path, None, self._timeout_ms, is_probe=True)

    def payment(self, provider_id: str) -> PaymentSeen:
        """Look an order up; raises CallFailed."""
        raw = self._order(provider_id)
        return understood(lambda: reading.read_order(raw))

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
            if problem.code == MISSING:
                return [], True
            raise
        return [understood(lambda: reading.read_order(raw))], True

    def refund(self, provider_id: str) -> RefundSeen:
        """Look a refund up; raises CallFailed."""
        order_id, part_id = self._located(provider_id)
        return _one(self.refunds_of(order_id), part_id)

    def refunds_of(self, payment_id: str) -> list[RefundSeen]:
        """List the refunds of an order; raises CallFailed."""
        names = refund_names(self._store, payment_id)
        raw = self._order(payment_id)
        return understood(lambda: reading.refunds_of(raw, names))

    def dispute(self, provider_id: str) -> DisputeSeen | None:
        """Look a chargeback up; raises CallFailed."""
        order_id, part_id = self._located(provider_id)
        is_known, raw = payment_of_part(self._store, part_id) is not None, self._order(order_id)
        if understood(lambda: reading.is_question(raw, part_id, is_known=is_known)):
            return None
        return _one(understood(lambda: reading.disputes_of(raw, is_known=is_known)), part_id)

    def disputes_of(self, payment_id: str) -> list[DisputeSeen]:
        """List the chargebacks of an order; raises CallFailed."""
        raw = self._order(payment_id)
        return understood(lambda: reading.disputes_of(raw))

    def _pay(
        self,
        params: Mapping[str, Any],
        key: str,  # noqa: ARG002 - the order's id is its key
        budget_ms: float,
    ) -> PaymentSeen:
        currency, metadata = str(params["currency"]).upper(), params["metadata"]
        reference, n = str(metadata["order"]), int(metadata["attempt"])
        order_id = order_id_of(reference, n)
        minor = stripe_amounts.from_wire(int(params["amount"]), currency)
        is_manual = params.get("capture_method") == "manual"
        form = {
            "order.order_id": order_id,
            "order.amount": writable(to_wire, minor, currency),
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
        seen = understood(lambda: reading.read_txn(told, reference, n))
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
            form = {"amount": writable(to_wire, minor, handle.currency), "idempotence_key": key}
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
            return self._remember(raw, understood(lambda: reading.read_order(raw)).currency)
        except CallFailed as problem:
            if problem.proves != "nothing":
                raise
            raise CallFailed("not_done", problem.code, retry_after_ms=problem.retry_after_ms) from problem

    def _remember(self, raw: Mapping[str, Any], currency: str) -> Handle:
        made = understood(lambda: Handle(str(raw["txn_uuid"]), currency))
        if len(self._handles) >= _HANDLES_MAX:
            self._handles.clear()
        self._handles[str(raw["order_id"])] = made
        return made

    def _refund(
        self,
        params: Mapping[str, Any],
        key: str,  # noqa: ARG002 - the refund's id is its key
        budget_ms: float,
    ) -> RefundSeen:
        order_id, reference = str(params["payment_intent"]), str(params["metadata"]["refund"])
        currency = self._handle(order_id).currency
        minor = stripe_amounts.from_wire(int(params["amount"]), currency)
        request_id = request_id_of(reference)
        form = {"unique_request_id": request_id, "amount": writable(to_wire, minor, currency)}
        names = {request_id: reference}
        try:
            told = self._ask("post", f"/orders/{order_id}/refunds", form, budget_ms, order_id)
        except CallFailed as problem:
            if problem.code != _REPEATED:
                raise
            told = self._after(lambda: self._order(order_id))
        made = [
            one for one in understood(lambda: reading.refunds_of(told, names)) if one.reference == reference
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
        known = payment_of_part(self._store, part_id)
        if known is None:
            raise missing()
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

        def about_it(told: Any) -> Mapping[str, Any]:
            found = object_of(told)
            if order_id and found.get("order_id") != order_id:
                raise ValueError("an answer about another order")
            return found

        return self._send(method, path, headers, raw, budget_ms, about_it, is_probe=is_probe)

    def _own_code(self, told: Mapping[str, Any]) -> str | None:
        code = told.get("error_code")
        return str(code) if code else None

    def _refused_as(self, status: int, told: Mapping[str, Any], code: str) -> str | None:  # noqa: ARG002 - the body tells
        return MISSING if told.get("status") == "NOT_FOUND" else code


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
        raise missing()
    return found
