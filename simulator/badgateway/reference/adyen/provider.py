"""Adyen behind the bounded client: what is asked for is told at once, what came of it by notification."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from badgateway.reference import stripe_amounts
from badgateway.reference.adyen.amounts import from_wire, to_wire
from badgateway.reference.adyen.fold import (
    AUTHORISED,
    SENT_REFUND,
    WAITING,
    dispute_seen,
    disputes_of,
    payment_seen,
    refund_seen,
    refunds_of,
)
from badgateway.reference.adyen.mirror import ASKED, REPLY, Fact, Mirror
from badgateway.reference.circuit import Circuit
from badgateway.reference.clock import Clock
from badgateway.reference.deadlines import Deadlines
from badgateway.reference.json_provider import JsonProvider, missing, object_of, understood
from badgateway.reference.provider import CallFailed
from badgateway.reference.reconciling import Reconciling
from badgateway.reference.seen import DisputeSeen, PaymentSeen, RefundSeen
from badgateway.reference.settings import Merchant, Settings
from badgateway.reference.spans import Spans
from badgateway.reference.store import Store

_VERSION = "/v71"
_MODIFICATIONS = {"increment": "amountUpdates", "capture": "captures", "void": "cancels"}
_AMOUNTS = {"increment": "amount", "capture": "amount_to_capture"}  # under which name it is in an intent
_REFUSED = frozenset({"Refused", "Error", "Cancelled"})
_IN_PROGRESS = "704"


class AdyenProvider(JsonProvider):
    """Adyen's Checkout API, as far as this integration needs it; looks are answered by the mirror."""

    done = frozenset({200, 201})
    definite = frozenset({400, 401, 403, 404, 422})

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
        self._now = clock.wall_ms
        self._mirror = Mirror(store, merchant.name)

    def probe(self) -> None:
        """Find out whether the provider is there, whatever the circuit says; raises CallFailed."""
        self._ask("/paymentMethods", {}, None, self._timeout_ms, is_probe=True)

    def payment(self, provider_id: str) -> PaymentSeen:
        """Give a payment as it was told so far; raises CallFailed where nothing was."""
        facts = self._mirror.of_payment(provider_id)
        if not facts:
            raise missing()
        return payment_seen(provider_id, facts)

    def payments_since(
        self,
        created_s: int,
        budget_ms: float,  # noqa: ARG002 - nobody is asked
        rules: Reconciling,  # noqa: ARG002 - as above
    ) -> tuple[list[PaymentSeen], bool]:
        """Give the payments that were told of since a moment; that is never known to be all."""
        return [self.payment(psp) for psp in self._mirror.payments_since(created_s * 1000)], False

    def refund(self, provider_id: str) -> RefundSeen:
        """Give a refund as it was told so far; raises CallFailed where nothing was."""
        return refund_seen(self._thing(provider_id))

    def refunds_of(self, payment_id: str) -> list[RefundSeen]:
        """Give the refunds of a payment that were told of."""
        return refunds_of(self._mirror.of_payment(payment_id))

    def dispute(self, provider_id: str) -> DisputeSeen | None:
        """Give a dispute as it was told so far; raises CallFailed where nothing was."""
        return dispute_seen(self._thing(provider_id))

    def disputes_of(self, payment_id: str) -> list[DisputeSeen]:
        """Give the disputes of a payment that were told of."""
        return disputes_of(self._mirror.of_payment(payment_id))

    def _pay(self, params: Mapping[str, Any], key: str, budget_ms: float) -> PaymentSeen:
        currency = str(params["currency"]).upper()
        minor = stripe_amounts.from_wire(int(params["amount"]), currency)
        metadata = params["metadata"]
        reference = f"{metadata['order']}.{metadata['attempt']}"
        mode = str(params.get("capture_method") or "automatic")
        self._keep(ASKED, "", "", reference, minor, currency, mode)
        body: dict[str, Any] = {
            "amount": {"currency": currency, "value": to_wire(minor, currency)},
            "reference": reference,
            "merchantOrderReference": metadata["order"],
            "returnUrl": params["return_url"],
            "paymentMethod": {"type": "scheme", "storedPaymentMethodId": params["payment_method"]},
            "shopperReference": metadata["order"],
            "shopperInteraction": "Ecommerce",
            "recurringProcessingModel": "CardOnFile",
            "additionalData": {"manualCapture": "true" if mode == "manual" else "false"},
        }
        if "payment_method_options" in params:
            body["additionalData"]["authorisationType"] = "PreAuth"  # only such a hold can be raised
        told = self._ask("/payments", body, key, budget_ms)
        result, psp = told.get("resultCode"), _made(told)
        if result not in AUTHORISED | WAITING | _REFUSED:
            raise CallFailed("nothing", "unexpected_answer")
        is_good = result not in _REFUSED
        detail = str(result if is_good else told.get("refusalReason") or result)
        amount = told.get("amount")
        held, money = minor, currency
        if isinstance(amount, Mapping):
            money, value = understood(lambda: (str(amount["currency"]), int(amount["value"])))
            held = from_wire(value, money)
        self._keep(REPLY, psp, psp, reference, held, money, detail, is_success=is_good)
        seen = self.payment(psp)
        if not is_good:
            raise CallFailed("declined", detail, may_retry=False, payment=seen)
        return seen

    def _modify(self, kind: str, params: Mapping[str, Any], key: str, budget_ms: float) -> PaymentSeen:
        """Ask for another hold, a capture or a cancellation; what came of it is known once it was told."""
        psp = str(params["payment_id"])
        before = self.payment(psp)
        body: dict[str, Any] = {"reference": self._reference(psp)}
        if kind in _AMOUNTS:
            minor = stripe_amounts.from_wire(int(params[_AMOUNTS[kind]]), before.currency)
            body["amount"] = {"currency": before.currency, "value": to_wire(minor, before.currency)}
        told = self._ask(f"/payments/{psp}/{_MODIFICATIONS[kind]}", body, key, budget_ms)
        outcome = self._mirror.of_thing(_made(told))
        if not outcome:
            raise CallFailed("nothing", "received", may_retry=False)
        seen = self.payment(psp)
        if not outcome[0].is_success:
            raise CallFailed("declined", outcome[0].detail, may_retry=False, payment=seen)
        return seen

    def _refund(self, params: Mapping[str, Any], key: str, budget_ms: float) -> RefundSeen:
        psp = str(params["payment_intent"])
        currency = self.payment(psp).currency
        minor = stripe_amounts.from_wire(int(params["amount"]), currency)
        body = {
            "amount": {"currency": currency, "value": to_wire(minor, currency)},
            "reference": self._reference(psp),
        }
        told = self._ask(f"/payments/{psp}/refunds", body, key, budget_ms)
        made, own = _made(told), str(params["metadata"]["refund"])
        self._keep(SENT_REFUND, made, psp, body["reference"], minor, currency, own)
        return self.refund(made)

    def _reference(self, psp: str) -> str:
        """Give a payment's own reference, so that what is told of it names the order whatever was lost."""
        return next((fact.reference for fact in self._mirror.of_payment(psp) if fact.reference), psp)

    def _thing(self, psp: str) -> list[Fact]:
        facts = self._mirror.of_thing(psp)
        if not facts:
            raise missing()
        return facts

    def _keep(
        self,
        code: str,
        psp: str,
        payment_psp: str,
        reference: object,
        minor: int,
        currency: str,
        detail: str,
        *,
        is_success: bool = True,
    ) -> None:
        now = self._now()
        fact = Fact(code, psp, payment_psp, str(reference), is_success, minor, currency, detail, now)
        self._mirror.keep(fact)

    def _ask(
        self,
        path: str,
        body: Mapping[str, Any],
        key: str | None,
        budget_ms: float,
        *,
        is_probe: bool = False,
    ) -> Mapping[str, Any]:
        """Post one request; raises CallFailed for everything that is no answer of Adyen's."""
        headers = {"X-API-Key": self._merchant.api_key, "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": key} if key else {}
        raw = json.dumps({"merchantAccount": self._merchant.account, **body}).encode()
        path = f"{_VERSION}{path}"
        return self._send("post", path, headers, raw, budget_ms, object_of, is_probe=is_probe)

    def _own_code(self, told: Mapping[str, Any]) -> str | None:
        code = told.get("errorCode")
        return str(code) if code else None

    def _refused_as(self, status: int, told: Mapping[str, Any], code: str) -> str | None:  # noqa: ARG002 - the code tells
        return None if code == _IN_PROGRESS else code


def _made(told: Mapping[str, Any]) -> str:
    """Give the reference of what a request has made; raises CallFailed: without it the answer is damaged."""
    psp = told.get("pspReference")
    if not isinstance(psp, str) or not psp:
        raise CallFailed("nothing", "unexpected_answer")
    return psp
