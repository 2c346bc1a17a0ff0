"""Checkout.com behind the bounded client: declines are answers, and what was accepted is looked up.

Its own SDK reads an answer for as long as each read makes progress; our client bounds the whole of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import select

from badgateway.reference import stripe_amounts
from badgateway.reference.checkout import reading
from badgateway.reference.checkout.amounts import to_wire
from badgateway.reference.circuit import Circuit
from badgateway.reference.clock import Clock
from badgateway.reference.deadlines import Deadlines
from badgateway.reference.euler.own import order_of_part
from badgateway.reference.provider import CallFailed, Provider
from badgateway.reference.reconciling import Reconciling
from badgateway.reference.seen import DisputeSeen, PaymentSeen, RefundSeen
from badgateway.reference.settings import Merchant, Settings
from badgateway.reference.settled import PayoutSeen, SettledLine
from badgateway.reference.spans import Spans
from badgateway.reference.states import State
from badgateway.reference.store import Store
from badgateway.reference.tables import attempts, orders

_PAGE = 100
_PAGES_MAX = 20
_MISSING, _WRONG_STATE = "resource_missing", "action_not_allowed"
_DEFINITE = frozenset({400, 401, 403, 404, 422})
_WANTED = {"capture": State.SUCCEEDED, "void": State.CANCELLED}
Seen = TypeVar("Seen")


class CheckoutProvider(Provider):
    """Checkout.com's payments API, as far as this integration needs it."""

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

    def probe(self) -> None:
        """Find out whether Checkout.com is there, whatever the circuit says; raises CallFailed."""
        self._ask("get", "/payments?limit=1&reference=probe", None, None, self._timeout_ms, is_probe=True)

    def tokenise(self, card: Mapping[str, str], reference: str) -> str:  # noqa: ARG002 - none is taken
        """Refuse: with Checkout.com a card is typed into its own frame, and never comes here."""
        raise CallFailed("refused", "not_supported", may_retry=False)

    def payment(self, provider_id: str) -> PaymentSeen:
        """Look a payment up; raises CallFailed."""
        raw = self._get(f"/payments/{_quoted(provider_id)}")
        seen = _understood(lambda: _same(reading.read_payment(raw), provider_id))
        if seen.state is not State.FAILED:
            return seen
        # Both the issuer's no and a capture that was taken back end here; what was done tells them apart.
        actions = self._actions(provider_id)
        return reading.reversed_payment(seen) if reading.was_taken_back(actions) else seen

    def payment_of_charge(self, charge_id: str) -> str | None:  # noqa: ARG002 - there are no charges
        """Give nothing: an event names the payment itself."""
        return None

    def attempt_of(
        self,
        reference: str,
        n: int,  # noqa: ARG002 - the list has all attempts of an order
        created_s: int,  # noqa: ARG002 - an order's list is short, whenever it was begun
        budget_ms: float,
        rules: Reconciling,
    ) -> tuple[list[PaymentSeen], bool]:
        """List the payments of an order, and say whether that is all; raises CallFailed."""
        found: list[PaymentSeen] = []
        for pages in range(1, _PAGES_MAX + 1):
            path = f"/payments?limit={_PAGE}&skip={len(found)}&reference={_quoted(reference)}"
            told = self._get(path, budget_ms)
            rows = _understood(lambda told=told: reading.rows_of(told["data"]))  # type: ignore[misc]
            total = _understood(lambda told=told: int(told["total_count"]))  # type: ignore[misc]
            found += _understood(lambda rows=rows: [reading.read_payment(one) for one in rows])  # type: ignore[misc]
            has_more = len(found) < total
            if not rows or not has_more or not rules.reads_on(pages):
                return found, rules.is_whole(has_more)
        return found, False

    def payments_since(
        self,
        created_s: int,  # noqa: ARG002 - nobody is asked
        budget_ms: float,  # noqa: ARG002 - as above
        rules: Reconciling,  # noqa: ARG002 - as above
    ) -> tuple[list[PaymentSeen], bool]:
        """Give none, and say that this is not all: payments are listed by their reference alone."""
        return [], False

    def refund(self, provider_id: str) -> RefundSeen:
        """Look a refund up; raises CallFailed."""
        payment_id, slash, action_id = provider_id.partition("/")
        if not slash:
            payment_id, action_id = order_of_part(self._store, provider_id) or "", provider_id
        found = [one for one in self.refunds_of(payment_id) if one.provider_id == action_id]
        if not found:
            raise CallFailed("refused", _MISSING, may_retry=False)
        return found[0]

    def refunds_of(self, payment_id: str) -> list[RefundSeen]:
        """List the refunds of a payment; raises CallFailed."""
        if not payment_id:
            raise CallFailed("refused", _MISSING, may_retry=False)
        currency = self._currency_of(payment_id) or self.payment(payment_id).currency
        actions = self._actions(payment_id)
        return _understood(lambda: reading.refunds_of(actions, payment_id, currency))

    def dispute(self, provider_id: str) -> DisputeSeen | None:
        """Look a dispute up; raises CallFailed."""
        raw = self._get(f"/disputes/{_quoted(provider_id)}")
        return _understood(lambda: reading.read_dispute(raw))

    def disputes_of(self, payment_id: str) -> list[DisputeSeen]:
        """List the disputes of a payment; raises CallFailed."""
        raw = self._get(f"/disputes?payment_id={_quoted(payment_id)}")
        rows = _understood(lambda: [reading.read_dispute(one) for one in reading.rows_of(raw["data"])])
        return [one for one in rows if one is not None and one.payment_id == payment_id]

    def payouts_since(self, created_s: int) -> list[PayoutSeen]:  # noqa: ARG002 - its reports are files
        """Give none: settlements come as reports."""
        return []

    def lines_of(self, payout_id: str) -> list[SettledLine]:  # noqa: ARG002 - as above
        """Give none."""
        return []

    def _pay(self, params: Mapping[str, Any], key: str, budget_ms: float) -> PaymentSeen:
        currency, metadata = str(params["currency"]).upper(), params["metadata"]
        minor = stripe_amounts.from_wire(int(params["amount"]), currency)
        body = {
            "source": {"type": "token", "token": params["payment_method"]},
            "amount": _amount(minor, currency),
            "currency": currency,
            "reference": metadata["order"],
            "capture": params.get("capture_method") != "manual",
            "success_url": params["return_url"],
            "failure_url": params["return_url"],
            "metadata": {"order": metadata["order"], "attempt": metadata["attempt"]},
        }
        told = self._post("/payments", body, key, budget_ms)
        seen = self._answered(told, body["metadata"])
        if seen.state is None:
            raise CallFailed("nothing", "unexpected_answer")
        if seen.state is State.FAILED:
            code = told.get("response_code")
            if not isinstance(code, str) or not code:
                # Every decline has its reason: an answer without one is damaged; the key gets a whole one.
                raise CallFailed("nothing", "unexpected_answer")
            raise CallFailed("declined", code, may_retry=False, payment=seen)
        return seen

    def _answered(self, told: Mapping[str, Any], metadata: Mapping[str, Any]) -> PaymentSeen:
        """Read the answer to a payment; where it does not say how much was taken, the look-up does."""
        if isinstance(told.get("balances"), Mapping) or told.get("status") == reading.DECLINED:
            # An answer shows no metadata; whose it is we know, for we have asked.
            return _understood(lambda: reading.read_payment({"metadata": metadata, **told}))
        return self._after(lambda: self.payment(_understood(lambda: str(told["id"]))))

    def _modify(self, kind: str, params: Mapping[str, Any], key: str, budget_ms: float) -> PaymentSeen:
        """Ask for a capture or a void; the look-up says what came of it."""
        payment_id, body = str(params["payment_id"]), {}
        if kind == "capture":
            currency = self._known_currency(payment_id)
            minor = stripe_amounts.from_wire(int(params["amount_to_capture"]), currency)
            body = {"amount": _amount(minor, currency), "capture_type": "Final"}
        try:
            self._post(f"/payments/{_quoted(payment_id)}/{kind}s", body, key, budget_ms)
        except CallFailed as problem:
            if problem.code != _WRONG_STATE:
                raise
            # An earlier try may have done it: then that is the answer.
            now = self._after(lambda: self.payment(payment_id))
            if now.state is _WANTED[kind]:
                return now
            raise
        seen = self._after(lambda: self.payment(payment_id))
        if seen.state is not _WANTED[kind]:
            # Accepted, and not done yet: an event will tell.
            raise CallFailed("nothing", "accepted", may_retry=False, payment=seen)
        return seen

    def _refund(self, params: Mapping[str, Any], key: str, budget_ms: float) -> RefundSeen:
        payment_id, reference = str(params["payment_intent"]), str(params["metadata"]["refund"])
        currency = self._known_currency(payment_id)
        minor = stripe_amounts.from_wire(int(params["amount"]), currency)
        body = {"amount": _amount(minor, currency), "reference": reference}
        told = self._post(f"/payments/{_quoted(payment_id)}/refunds", body, key, budget_ms)
        action = told.get("action_id")
        if not isinstance(action, str) or not action:
            raise CallFailed("nothing", "unexpected_answer")
        return RefundSeen(action, payment_id, minor, "PENDING", reference)

    def _known_currency(self, payment_id: str) -> str:
        """Give the currency of a payment of ours; its intent was written down, so the books have it."""
        currency = self._currency_of(payment_id)
        if currency is None:
            raise CallFailed("refused", _MISSING, may_retry=False)
        return currency

    def _currency_of(self, payment_id: str) -> str | None:
        wanted = (
            select(orders.c.currency)
            .join(attempts, attempts.c.order_id == orders.c.id)
            .where(attempts.c.provider_id == payment_id)
        )
        with self._store.read() as tx:
            found = tx.execute(wanted).scalar()
        return str(found) if found is not None else None

    def _actions(self, payment_id: str) -> list[Mapping[str, Any]]:
        told = self._ask("get", f"/payments/{_quoted(payment_id)}/actions", None, None, self._timeout_ms)
        return _understood(lambda: reading.rows_of(told))

    def _get(self, path: str, budget_ms: float | None = None) -> Mapping[str, Any]:
        return _object(self._ask("get", path, None, None, budget_ms or self._timeout_ms))

    def _post(self, path: str, body: Mapping[str, Any], key: str, budget_ms: float) -> Mapping[str, Any]:
        return _object(self._ask("post", path, body, key, budget_ms))

    def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        key: str | None,
        budget_ms: float,
        *,
        is_probe: bool = False,
    ) -> Any:
        """Send one request; raises CallFailed for everything that is no answer of Checkout.com's."""
        headers = {"Authorization": f"Bearer {self._merchant.api_key}", "Accept": "application/json"}
        headers |= {"Content-Type": "application/json"} if body is not None else {}
        headers |= {"Cko-Idempotency-Key": key} if key else {}
        raw = json.dumps(body).encode() if body is not None else None
        with self._bounded(budget_ms, is_probe=is_probe):
            answer, status, told = self._wire.request(method, f"{self._base}{path}", headers, raw)
            if status >= 500:
                self._circuit.note(is_there=False)
            shown = _read(answer)
            if status in {200, 201, 202} and shown:
                return shown
            raise _sort(status, shown, told.get("Retry-After"))
        raise AssertionError("a bounded call ends with an answer or an error")


def _same(seen: PaymentSeen, wanted: str) -> PaymentSeen:
    if seen.provider_id != wanted:
        raise ValueError("an answer about another payment")
    return seen


def _object(told: Any) -> Mapping[str, Any]:
    if not isinstance(told, Mapping):
        raise CallFailed("nothing", "unexpected_answer")
    return told


def _understood(read: Callable[[], Seen]) -> Seen:
    """Read an answer; raises CallFailed where it is JSON of another shape than we know: it proves nothing."""
    try:
        return read()
    except (ValueError, TypeError, LookupError, AttributeError) as problem:
        raise CallFailed("nothing", "unexpected_answer") from problem


def _amount(minor: int, currency: str) -> int:
    """Write an amount; raises CallFailed where Checkout.com has no way to write it."""
    try:
        return to_wire(minor, currency)
    except ValueError as problem:
        raise CallFailed("refused", "amount_not_supported", may_retry=False) from problem


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _read(answer: bytes) -> Any:
    try:
        return json.loads(answer)
    except (ValueError, RecursionError):
        return None


def _sort(status: int, shown: Any, retry_after: str | None) -> CallFailed:
    """Say what an answer that is none proves."""
    told = shown if isinstance(shown, Mapping) else {}
    codes = told.get("error_codes")
    is_own = isinstance(codes, list) and bool(codes)
    code = str(codes[0]) if isinstance(codes, list) and codes else f"http_{status}"
    wait_ms = int(retry_after) * 1000 if retry_after and retry_after.isdecimal() else 0
    if status == 429:
        return CallFailed("not_done", code, retry_after_ms=wait_ms)
    # A body that is not Checkout.com's own error may come from anything between us and it.
    if status in _DEFINITE and is_own:
        return CallFailed("refused", _MISSING if status == 404 else code, may_retry=False)
    return CallFailed("nothing", code, retry_after_ms=wait_ms)
