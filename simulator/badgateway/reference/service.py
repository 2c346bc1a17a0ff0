"""Everything that the operations of this program share, made once at the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from badgateway.reference.adyen.provider import AdyenProvider
from badgateway.reference.circuit import Circuit
from badgateway.reference.clock import Clock
from badgateway.reference.euler.provider import EulerProvider
from badgateway.reference.logs import Log
from badgateway.reference.metrics import Metrics
from badgateway.reference.outbox import forget_claims
from badgateway.reference.policies import Policies
from badgateway.reference.provider import Provider
from badgateway.reference.settings import Settings
from badgateway.reference.spans import Spans
from badgateway.reference.store import Store


_ROUTES = {"adyen": AdyenProvider, "euler": EulerProvider}  # beside Stripe's


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of one running integration."""

    settings: Settings
    policies: Policies
    clock: Clock
    store: Store
    provider: Provider  # with the account of one merchant, see `of`
    metrics: Metrics
    log: Log
    providers: Mapping[str, Provider]  # merchant -> the provider with its account
    spans: Spans

    def of(self, merchant: str) -> Service:
        """Give this service with the account of a merchant."""
        account = self.policies.tenancy.account(merchant, self.settings.merchant.name)
        return replace(self, provider=self.providers[account])

    def close(self) -> None:
        """Send the spans that wait, and let go of the database."""
        self.spans.close()
        self.store.close()


def build_service(settings: Settings, policies: Policies | None = None, log: Log | None = None) -> Service:
    """Put the parts together; opens the database."""
    clock = Clock(settings.seed)
    store = Store(settings.database, settings.synchronous)
    with store.write() as tx:
        forget_claims(tx)
    policies = policies or Policies()
    circuit = Circuit(
        policies.breaking,
        clock,
        settings.breaker_failures,
        settings.breaker_pause_ms,
        settings.provider_places,
    )
    holding = policies.holding
    spans = Spans(settings.traces_url, clock, policies.span_rules)
    # One circuit for all merchants: they have one provider, and it is there for all of them or for none.
    parts = (settings, clock, lambda: holding.before_call(store), policies.deadlines, circuit)
    providers: dict[str, Provider] = {
        name: _ROUTES[settings.provider](*parts, merchant, spans, store)
        if settings.provider in _ROUTES
        else Provider(*parts, merchant, spans)
        for name, merchant in settings.merchants.items()
    }
    usual = providers[settings.merchant.name]
    return Service(
        settings,
        policies,
        clock,
        store,
        usual,
        Metrics(),
        log or Log(clock, rules=policies.log_rules),
        providers,
        spans,
    )


class Problem(Exception):
    """An operation is answered with an error; `status` is the HTTP status, `code` a word for programs."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
