"""Everything that the operations of this program share, made once at the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from badgateway.reference.adyen.provider import AdyenProvider
from badgateway.reference.checkout.provider import CheckoutProvider
from badgateway.reference.circuit import Circuit
from badgateway.reference.clock import Clock
from badgateway.reference.euler.provider import EulerProvider
from badgateway.reference.json_provider import JsonProvider
from badgateway.reference.logs import Log
from badgateway.reference.metrics import Metrics
from badgateway.reference.outbox import forget_claims
from badgateway.reference.policies import Policies
from badgateway.reference.provider import Provider
from badgateway.reference.settings import Settings
from badgateway.reference.spans import Spans
from badgateway.reference.store import Store

# Beside Stripe's.
_ROUTES: Mapping[str, type[JsonProvider]] = {
    "adyen": AdyenProvider,
    "checkout": CheckoutProvider,
    "euler": EulerProvider,
}


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
    # Name of each provider of the route -> merchant -> that provider with its account.
    routes: Mapping[str, Mapping[str, Provider]]
    route: str  # the provider that is meant now

    def of(self, merchant: str, route: str = "") -> Service:
        """Give this service with the account of a merchant at a provider, if not the preferred one."""
        account = self.policies.tenancy.account(merchant, self.settings.merchant.name)
        name = route if route in self.routes else self.settings.provider
        return replace(self, provider=self.routes[name][account], route=name)

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
    spans = Spans(settings.traces_url, clock, policies.span_rules)
    routes = {name: _accounts(settings.at(name), policies, clock, store, spans) for name in settings.route}
    providers = routes[settings.provider]
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
        routes,
        settings.provider,
    )


def _accounts(
    settings: Settings, policies: Policies, clock: Clock, store: Store, spans: Spans
) -> dict[str, Provider]:
    """Make one provider with the account of each merchant."""
    circuit = Circuit(
        policies.breaking,
        clock,
        settings.breaker_failures,
        settings.breaker_pause_ms,
        settings.provider_places,
    )
    holding = policies.holding
    # One circuit for all merchants: they share the provider, and it is there for all of them or for none.
    parts = (settings, clock, lambda: holding.before_call(store), policies.deadlines, circuit)
    return {
        name: _ROUTES[settings.provider](*parts, merchant, spans, store)
        if settings.provider in _ROUTES
        else Provider(*parts, merchant, spans)
        for name, merchant in settings.merchants.items()
    }


class Problem(Exception):
    """An operation is answered with an error; `status` is the HTTP status, `code` a word for programs."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
