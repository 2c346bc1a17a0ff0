"""Checkout.com behind the bounded client: declines are answers, and what was accepted is looked up.

Its own SDK reads an answer for as long as each read makes progress; our client bounds the whole of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from sqlalchemy import select

from badgateway.reference import stripe_amounts
from badgateway.reference.checkout import reading
from badgateway.reference.checkout.amounts import to_wire
from badgateway.reference.json_provider import MISSING, JsonProvider, missing, object_of, understood, writable
from badgateway.reference.parts import payment_of_part
from badgateway.reference.provider import CallFailed
from badgateway.reference.reconciling import Reconciling
from badgateway.reference.seen import DisputeSeen, PaymentSeen, RefundSeen
from badgateway.reference.states import State
from badgateway.reference.tables import attempts, orders

_PAGE = 100
_PAGES_MAX = 20
_KEPT = "src_"
_WRONG_STATE = "action_not_allowed"
_WANTED = {"capture": State.SUCCEEDED, "void": State.CANCELLED}


class CheckoutProvider(JsonProvider):
    """Checkout.com's payments API, as far as this integration needs it."""

    done = frozenset({200, 201, 202})
    definite = frozenset({400, 401, 403, 404, 422})

    def probe(self) -> None:
        """Find out whether Checkout.com is there, whatever the circuit says; raises CallFailed."""
        self._get("/payments?limit=1&reference=probe", is_probe=True)

    def payment(self, provider_id: str) -> PaymentSeen:
        """Look a payment up; raises CallFailed."""
        raw = self._get(f"/payments/{_quoted(provider_id)}")
        seen = understood(lambda: _same(reading.read_payment(raw), provider_id))
        if seen.state is not State.FAILED:
            return seen
        # Both the issuer's no and a capture that was taken back end here; what was done tells them apart.
        actions = self._actions(provider_id)
        return reading.reversed_payment(seen) if reading.was_taken_back(actions) else seen

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
            page, total = understood(partial(reading.read_page, told))
            found += page
            has_more = len(found) < total
            if not page or not has_more or not rules.reads_on(pages):
                return found, rules.is_whole(has_more)
        return found, False

    def refund(self, provider_id: str) -> RefundSeen:
        """Look a refund up; raises CallFailed."""
        payment_id, slash, action_id = provider_id.partition("/")
        if not slash:
            payment_id, action_id = payment_of_part(self._store, provider_id) or "", provider_id
        found = [one for one in self.refunds_of(payment_id) if one.provider_id == action_id]
        if not found:
            raise missing()
        return found[0]

    def refunds_of(self, payment_id: str) -> list[RefundSeen]:
        """List the refunds of a payment; raises CallFailed."""
        if not payment_id:
            raise missing()
        currency = self._currency_of(payment_id) or self.payment(payment_id).currency
        actions = self._actions(payment_id)
        return understood(lambda: reading.refunds_of(actions, payment_id, currency))

    def dispute(self, provider_id: str) -> DisputeSeen | None:
        """Look a dispute up; raises CallFailed."""
        raw = self._get(f"/disputes/{_quoted(provider_id)}")
        return understood(lambda: reading.read_dispute(raw))

    def disputes_of(self, payment_id: str) -> list[DisputeSeen]:
        """List the disputes of a payment; raises CallFailed."""
        raw = self._get(f"/disputes?payment_id={_quoted(payment_id)}")
        rows = understood(lambda: [reading.read_dispute(one) for one in reading.rows_of(raw["data"])])
        return [one for one in rows if one is not None and one.payment_id == payment_id]

    def _pay(self, params: Mapping[str, Any], key: str, budget_ms: float) -> PaymentSeen:
        currency, metadata = str(params["currency"]).upper(), params["metadata"]
        minor = stripe_amounts.from_wire(int(params["amount"]), currency)
        body = {
            "source": _source(str(params["payment_method"])),
            "amount": writable(to_wire, minor, currency),
            "currency": currency,
            "reference": metadata["order"],
            "capture": params.get("capture_method") != "manual",
            "3ds": {"enabled": not params.get("off_session")},
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
            return understood(lambda: reading.read_payment({"metadata": metadata, **told}))
        return self._after(lambda: self.payment(understood(lambda: str(told["id"]))))

    def _modify(self, kind: str, params: Mapping[str, Any], key: str, budget_ms: float) -> PaymentSeen:
        """Ask for a capture or a void; the look-up says what came of it."""
        payment_id, body = str(params["payment_id"]), {}
        if kind == "capture":
            currency = self._known_currency(payment_id)
            minor = stripe_amounts.from_wire(int(params["amount_to_capture"]), currency)
            body = {"amount": writable(to_wire, minor, currency), "capture_type": "Final"}
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
        body = {"amount": writable(to_wire, minor, currency), "reference": reference}
        told = self._post(f"/payments/{_quoted(payment_id)}/refunds", body, key, budget_ms)
        action = told.get("action_id")
        if not isinstance(action, str) or not action:
            raise CallFailed("nothing", "unexpected_answer")
        return RefundSeen(action, payment_id, minor, "PENDING", reference)

    def _known_currency(self, payment_id: str) -> str:
        """Give the currency of a payment of ours; its intent was written down, so the books have it."""
        currency = self._currency_of(payment_id)
        if currency is None:
            raise missing()
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
        path = f"/payments/{_quoted(payment_id)}/actions"
        return self._send("get", path, self._headers(), None, self._timeout_ms, reading.rows_of)

    def _get(self, path: str, budget_ms: float | None = None, *, is_probe: bool = False) -> Mapping[str, Any]:
        budget_ms = budget_ms or self._timeout_ms
        return self._send("get", path, self._headers(), None, budget_ms, object_of, is_probe=is_probe)

    def _post(self, path: str, body: Mapping[str, Any], key: str, budget_ms: float) -> Mapping[str, Any]:
        headers = {**self._headers(), "Content-Type": "application/json", "Cko-Idempotency-Key": key}
        return self._send("post", path, headers, json.dumps(body).encode(), budget_ms, object_of)

    def _headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._merchant.api_key}", "Accept": "application/json"}

    def _own_code(self, told: Mapping[str, Any]) -> str | None:
        codes = told.get("error_codes")
        return str(codes[0]) if isinstance(codes, list) and codes else None

    def _refused_as(self, status: int, told: Mapping[str, Any], code: str) -> str | None:  # noqa: ARG002 - the status tells
        return MISSING if status == 404 else code


def _source(method: str) -> Mapping[str, str]:
    """Give what is charged: a card's token of the checkout, or the bank account that is kept as a source."""
    kind = "id" if method.startswith(_KEPT) else "token"
    return {"type": kind, kind: method}


def _same(seen: PaymentSeen, wanted: str) -> PaymentSeen:
    if seen.provider_id != wanted:
        raise ValueError("an answer about another payment")
    return seen


def _quoted(text: str) -> str:
    return quote(text, safe="")
