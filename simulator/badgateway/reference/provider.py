"""The provider behind the official SDK: each call bounded, each failure sorted by what it proves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.message import Message
from itertools import count
from typing import Any, TypeVar, cast

from badgateway.reference.breaking import Breaking
from badgateway.reference.circuit import Circuit, NotAsked
from badgateway.reference.clock import Clock
from badgateway.reference.deadlines import Deadlines
from badgateway.reference.reconciling import Reconciling
from badgateway.reference.sdk import stripe
from badgateway.reference.seen import (
    DisputeSeen,
    PaymentSeen,
    RefundSeen,
    failure_code,
    read_dispute,
    read_payment,
    read_refund,
)
from badgateway.reference.settings import Merchant, Settings
from badgateway.reference.settled import PayoutSeen, SettledLine, read_line, read_payout
from badgateway.reference.spans import Spans
from badgateway.reference.stripe_amounts import from_wire
from badgateway.reference.wire import BoundedClient, NotSent

_SAID_MAX = 300
_PAGES_MAX = 100  # a provider may put less on a page than it was asked for
Seen = TypeVar("Seen")


# What an object says nothing without, whatever else a version of the API adds or leaves out.
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "payment_intent": ("id", "status", "amount", "amount_received", "currency"),
    "refund": ("id", "status", "amount", "currency"),
    "dispute": ("id", "status", "amount"),
    "list": (),
}


class CallFailed(Exception):
    """A call gave no usable answer. `proves` says what is known of it nevertheless.

    declined: the issuer said no. refused: the provider did nothing, and never will.
    not_done: it did nothing, try again. nothing: it may or may not have been done.
    """

    def __init__(
        self,
        proves: str,
        code: str,
        *,
        retry_after_ms: int = 0,
        may_retry: bool = True,
        payment: PaymentSeen | None = None,
        is_replayed: bool = False,
    ) -> None:
        super().__init__(f"{proves}: {code}")
        self.is_replayed = is_replayed  # the key's stored answer: it will never get another one
        self.proves = proves
        self.code = code
        self.retry_after_ms = retry_after_ms
        self.may_retry = may_retry
        self.payment = payment
        self.said = ""  # the provider's own words, for operators; they may hold anything


class Provider:
    """Stripe, as far as this integration needs it."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        before_call: Callable[[], None],
        deadlines: Deadlines | None = None,
        circuit: Circuit | None = None,
        merchant: Merchant | None = None,
        spans: Spans | None = None,
    ) -> None:
        self._circuit = circuit or Circuit(Breaking(), clock, 5, 10_000, 8)
        self._deadlines = deadlines or Deadlines()
        self._wire = BoundedClient(clock, before_call, self._deadlines, spans)
        self._timeout_ms = settings.call_timeout_ms
        self._client = stripe.StripeClient(
            (merchant or settings.merchant).api_key,
            base_addresses={"api": settings.api_base},
            http_client=self._wire,
            max_network_retries=0,  # retries are ours: the SDK does not know what is durable
        )
        payments = self._client.v1.payment_intents
        self._acts: Mapping[str, Callable[..., Any]] = {
            "increment": payments.increment_authorization,
            "capture": payments.capture,
            "void": payments.cancel,
        }

    def perform(
        self, kind: str, params: Mapping[str, Any], key: str, budget_ms: float
    ) -> PaymentSeen | RefundSeen:
        """Carry out a durable intent: pay, increment, capture, void or refund; raises CallFailed."""
        v1, options = self._client.v1, {"idempotency_key": key}
        body = dict(params)
        with self._bounded(budget_ms):
            if kind == "refund":
                return read_refund(
                    _plain(v1.refunds.create(cast("Any", body), cast("Any", options)), "refund")
                )
            if kind == "pay":
                done = v1.payment_intents.create(cast("Any", body), cast("Any", options))
            else:
                payment_id = str(body.pop("payment_id"))
                done = self._acts[kind](payment_id, cast("Any", body), cast("Any", options))
            seen = read_payment(_plain(done, "payment_intent"))
            if kind == "increment" and from_wire(int(body["amount"]), seen.currency) != seen.amount_minor:
                raise CallFailed("nothing", "unexpected_answer")  # it shows another total than was asked for
            return seen

    @property
    def is_doubtful(self) -> bool:
        """Say whether the last call failed, so that nobody knows whether the provider is there."""
        return self._circuit.is_doubtful

    def hear(self) -> None:
        """Take a genuine event for a sign of life: whoever calls must be there."""
        self._circuit.hear()

    def probe(self) -> None:
        """Find out whether the provider is there, whatever the circuit says; raises CallFailed."""
        with self._bounded(self._timeout_ms, is_probe=True):
            _plain(self._client.v1.payment_intents.list(cast("Any", {"limit": 1})), "list")

    def tokenise(self, card: Mapping[str, str], reference: str) -> str:
        """Hand an order's card data over for a token that stands for it; raises CallFailed."""
        params = {"type": "card", "card": dict(card), "metadata": {"order": reference}}
        with self._bounded(self._timeout_ms):
            made = self._client.v1.payment_methods.create(cast("Any", params))
            return str(_plain(made, "payment_method")["id"])

    def customer(self, shopper: Mapping[str, str], reference: str) -> str:
        """Make a customer of an order's shopper, the same again if asked again; raises CallFailed."""
        params = {**shopper, "metadata": {"order": reference}}
        options = {"idempotency_key": f"customer-{reference}"}
        with self._bounded(self._timeout_ms):
            made = self._client.v1.customers.create(cast("Any", params), cast("Any", options))
            return str(_plain(made, "customer")["id"])

    def payment(self, provider_id: str) -> PaymentSeen:
        """Look a payment up with its latest charge; raises CallFailed."""
        with self._bounded(self._timeout_ms):
            found = self._client.v1.payment_intents.retrieve(
                provider_id, cast("Any", {"expand": ["latest_charge"]})
            )
            raw = dict(_plain(found, "payment_intent"))
        charge = raw.get("latest_charge")
        if isinstance(charge, str):
            with self._bounded(self._timeout_ms):
                raw["latest_charge"] = _plain(self._client.v1.charges.retrieve(charge), "charge")
        return read_payment(raw)

    def payment_of_charge(self, charge_id: str) -> str | None:
        """Give the payment that a charge belongs to; raises CallFailed."""
        with self._bounded(self._timeout_ms):
            raw = _plain(self._client.v1.charges.retrieve(charge_id), "charge")
        payment = raw.get("payment_intent")
        return payment if isinstance(payment, str) else None

    def payments_since(
        self, created_s: int, budget_ms: float, rules: Reconciling
    ) -> tuple[list[PaymentSeen], bool]:
        """List payments made since a moment, newest first, and say whether that is all; raises CallFailed."""
        params: dict[str, Any] = {"created": {"gte": created_s}, "limit": 100}
        listing = self._client.v1.payment_intents.list
        rows, has_more = self._read_on(listing, params, budget_ms, rules.reads_on)
        return self._read(lambda: [read_payment(raw) for raw in rows]), rules.is_whole(has_more)

    def attempt_of(
        self,
        reference: str,  # noqa: ARG002 - Stripe looks nothing up by our own names
        n: int,  # noqa: ARG002 - as above
        created_s: int,
        budget_ms: float,
        rules: Reconciling,
    ) -> tuple[list[PaymentSeen], bool]:
        """List what an attempt of ours may be among, and say whether that is all; raises CallFailed."""
        return self.payments_since(created_s, budget_ms, rules)

    def refund(self, provider_id: str) -> RefundSeen:
        """Look a refund up; raises CallFailed."""
        with self._bounded(self._timeout_ms):
            return read_refund(_plain(self._client.v1.refunds.retrieve(provider_id), "refund"))

    def refunds_of(self, payment_id: str) -> list[RefundSeen]:
        """List the refunds of a payment; raises CallFailed."""
        params = {"payment_intent": payment_id, "limit": 100}
        return [
            read_refund(raw) for raw in self._pages(self._client.v1.refunds.list, params, self._timeout_ms)
        ]

    def dispute(self, provider_id: str) -> DisputeSeen | None:
        """Look a dispute up; raises CallFailed."""
        with self._bounded(self._timeout_ms):
            return read_dispute(_plain(self._client.v1.disputes.retrieve(provider_id), "dispute"))

    def disputes_of(self, payment_id: str) -> list[DisputeSeen]:
        """List the disputes of a payment; raises CallFailed."""
        params = {"payment_intent": payment_id, "limit": 100}
        pages = self._pages(self._client.v1.disputes.list, params, self._timeout_ms)
        return [seen for raw in pages if (seen := read_dispute(raw)) is not None]

    def payouts_since(self, created_s: int) -> list[PayoutSeen]:
        """List payouts made since a moment, newest first; raises CallFailed."""
        params: dict[str, Any] = {"created": {"gte": created_s}, "limit": 100}
        pages = self._pages(self._client.v1.payouts.list, params, self._timeout_ms)
        return self._read(lambda: [read_payout(raw) for raw in pages])

    def lines_of(self, payout_id: str) -> list[SettledLine]:
        """List the balance transactions of a payout, newest first; raises CallFailed."""
        params: dict[str, Any] = {"payout": payout_id, "limit": 100, "expand": ["data.source"]}
        pages = self._pages(self._client.v1.balance_transactions.list, params, self._timeout_ms)
        return self._read(lambda: [read_line(raw, payout_id) for raw in pages])

    def _after(self, look: Callable[[], Seen]) -> Seen:
        """Look up what came of a request that was sent; whatever stops the look proves nothing of it."""
        try:
            return look()
        except CallFailed as problem:
            wait_ms = problem.retry_after_ms
            raise CallFailed("nothing", problem.code, retry_after_ms=wait_ms) from problem

    def _read(self, read: Callable[[], list[Seen]]) -> list[Seen]:
        with self._bounded(self._timeout_ms):
            return read()

    def _pages(
        self, listing: Callable[..., Any], params: dict[str, Any], budget_ms: float
    ) -> list[Mapping[str, Any]]:
        return self._read_on(listing, params, budget_ms, lambda pages: pages < _PAGES_MAX)[0]

    def _read_on(
        self,
        listing: Callable[..., Any],
        params: dict[str, Any],
        budget_ms: float,
        reads_on: Callable[[int], bool],
    ) -> tuple[list[Mapping[str, Any]], bool]:
        rows: list[Mapping[str, Any]] = []
        for pages in count(1):
            with self._bounded(budget_ms):
                page = _plain(listing(cast("Any", params)), "list")
            rows += page.get("data") or []
            has_more = bool(page.get("has_more") and page.get("data"))
            if not has_more or not reads_on(pages):
                return rows, has_more
            params = {**params, "starting_after": rows[-1]["id"]}
        raise AssertionError("a list is left by its end or by the rule")

    @contextmanager
    def _bounded(self, budget_ms: float, *, is_probe: bool = False) -> Iterator[None]:
        self._wire.allow_ms(self._deadlines.call_ms(budget_ms, self._timeout_ms))
        try:
            with self._circuit.place(is_probe=is_probe):
                yield
                self._circuit.note(is_there=True)
        except NotAsked as problem:
            raise CallFailed("not_done", problem.code, may_retry=False) from problem
        except stripe.StripeError as problem:
            status = problem.http_status
            self._circuit.note(is_there=status is not None and status < 500)
            failure = sort_failure(problem)
            failure.said = str(_error_of(problem).get("message") or "")[:_SAID_MAX]
            raise failure from problem
        except (ValueError, TypeError, LookupError, AttributeError) as problem:
            # The answer is JSON of another shape than the SDK or we can read: it proves nothing.
            raise CallFailed("nothing", "unexpected_answer") from problem


def sort_failure(problem: stripe.StripeError) -> CallFailed:
    """Say what an SDK error proves about the call."""
    if isinstance(problem, NotSent):
        return CallFailed("not_done", "no_connection")
    status, error = problem.http_status, _error_of(problem)
    advice = _header(problem, "stripe-should-retry")
    wait_ms = _retry_after_ms(_header(problem, "retry-after"))
    code = failure_code(error) or f"no_usable_answer:{type(problem.__cause__ or problem).__name__}"
    if status == 429 and advice != "false":
        return CallFailed("not_done", code, retry_after_ms=wait_ms)
    if status == 402 and error.get("type") == "card_error":
        payment = error.get("payment_intent")
        seen = read_payment(payment) if isinstance(payment, Mapping) and payment.get("id") else None
        return CallFailed("declined", code, may_retry=False, payment=seen)
    # A body that is not the provider's own error object may come from anything between us and it.
    if (
        status in {400, 401, 403, 404, 429}
        and error.get("type")
        and not isinstance(problem, stripe.IdempotencyError)
    ):
        return CallFailed("refused", code, may_retry=False)
    is_replayed = _header(problem, "idempotent-replayed") == "true"
    return CallFailed(
        "nothing", code, retry_after_ms=wait_ms, may_retry=advice != "false", is_replayed=is_replayed
    )


def _plain(found: Any, kind: str) -> Mapping[str, Any]:
    raw = found.last_response.data
    if not isinstance(raw, Mapping) or raw.get("object") != kind:
        raise CallFailed("nothing", "unexpected_answer")
    if any(raw.get(name) in (None, "") for name in _NEEDED.get(kind, ("id",))):
        raise CallFailed("nothing", "unexpected_answer")  # read on, it would be booked as nothing
    return raw


def _error_of(problem: stripe.StripeError) -> Mapping[str, Any]:
    body = problem.json_body
    error = body.get("error") if isinstance(body, Mapping) else None
    return error if isinstance(error, Mapping) else {}


def _header(problem: stripe.StripeError, name: str) -> str | None:
    # Of an answer that is no JSON, stripe-python keeps the headers where the body belongs.
    for headers in (problem.headers, problem.json_body):
        for key, value in headers.items() if isinstance(headers, Mapping | Message) else ():
            if key.lower() == name:
                return str(value)
    return None


def _retry_after_ms(text: str | None) -> int:
    try:
        return max(0, int(float(text or 0) * 1000))
    except ValueError:
        return 0  # a date: our own backoff has to do
