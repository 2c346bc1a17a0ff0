"""Configuration, all of it from environment variables, read once at the start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any


class BadSetting(ValueError):
    """An environment variable is missing or cannot be read; the message names it."""


@dataclass(frozen=True, slots=True)
class Merchant:
    """One merchant and its account at the provider."""

    name: str
    api_key: str
    webhook_secrets: tuple[str, ...]  # several while a secret is rotated
    account: str = ""  # the provider's own name of it, where calls must say it
    response_key: str = ""  # with which the provider signs where shoppers come back to, where it does
    currencies: tuple[str, ...] = ()  # that it takes; empty: all
    capture: str = ""  # automatic | manual: how all its money is taken; empty: as each order says

    @property
    def is_live(self) -> bool:
        """Say whether its account moves real money: the key tells it."""
        return self.api_key.split("_")[1:2] == ["live"]


@dataclass(frozen=True, slots=True)
class Fees:
    """What the provider keeps by contract. Fixed parts are hundredths of the currency's own unit."""

    share_per_mille: int = 15
    fixed_hundredths: int = 25
    dispute_hundredths: int = 2000


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that may differ from one installation to another. Waits are milliseconds."""

    merchant: Merchant
    api_base: str
    database: str
    public_url: str
    synchronous: str = "FULL"  # SQLite: FULL survives a power cut, NORMAL a killed process
    retry_base_ms: int = 250
    tries_max: int = 3
    call_timeout_ms: int = 8_000
    total_deadline_ms: int = 20_000
    poll_interval_ms: int = 0  # 0: no poller; a scheduler calls POST /internal/sync
    key_life_ms: int = 23 * 3_600_000  # Stripe keeps idempotency keys for at least 24 hours
    recheck_ms: int = 7 * 24 * 3_600_000  # how long a sync reads captured payments again
    signature_tolerance_s: int = 300
    threads: int = 16
    provider_places: int = 8  # threads that may wait for the provider at a time; the others serve the rest
    breaker_failures: int = 5  # failures in a row after which the provider is asked no more ...
    breaker_pause_ms: int = 10_000  # ... until this time has passed
    order_life_ms: int = 24 * 3_600_000  # an order that its shopper has left is given up after this
    review_checks: int = 0  # 1: a card whose postal or security code the issuer found wrong goes to a human
    effects_url: str = ""  # where mail, fulfilment and stock are told; empty: nobody is told
    effect_timeout_ms: int = 2_000
    traces_url: str = ""  # the collector of spans; empty: there is none
    reports_url: str = ""  # where the gateway hands out settlement reports; empty: none are read
    report_format: str = "csv"  # csv | json
    fees: Fees = field(default_factory=Fees)
    seed: int | None = None
    further: tuple[Merchant, ...] = ()  # merchants beside the usual one
    provider: str = "stripe"  # over which payments are made
    others: tuple[Settings, ...] = ()  # the same for each further provider, in the order of preference

    @property
    def merchants(self) -> dict[str, Merchant]:
        """Give all merchants by their names, the usual one first."""
        return {one.name: one for one in (self.merchant, *self.further)}

    @property
    def route(self) -> tuple[str, ...]:
        """Give the providers over which payments are made, the preferred one first."""
        return (self.provider, *(one.provider for one in self.others))

    def at(self, route: str) -> Settings:
        """Give the settings of one provider; the preferred one's where it is none of the route."""
        return next((one for one in self.others if one.provider == route), self)


_BASES = {
    "stripe": "https://api.stripe.com",
    "adyen": "https://checkout-test.adyen.com",
    "euler": "https://sandbox.juspay.in",
    "checkout": "https://api.sandbox.checkout.com",
}
_WAITS = (
    "effect_timeout_ms",
    "retry_base_ms",
    "tries_max",
    "call_timeout_ms",
    "total_deadline_ms",
    "poll_interval_ms",
    "key_life_ms",
    "recheck_ms",
    "signature_tolerance_s",
    "threads",
    "provider_places",
    "breaker_failures",
    "breaker_pause_ms",
    "order_life_ms",
    "review_checks",
    "seed",
)


def read_settings(environment: Mapping[str, str], port: int) -> Settings:
    """Read the environment; raises BadSetting, which names the variable."""
    numbers: dict[str, Any] = {}
    for name in _WAITS:
        text = environment.get(name.upper())
        if text is None:
            continue
        if not text.isdecimal():
            raise BadSetting(f"{name.upper()} must be a whole number, not {text!r}")
        numbers[name] = int(text)
    synchronous = environment.get("DATABASE_SYNCHRONOUS", "FULL").upper()
    if synchronous not in {"FULL", "NORMAL"}:
        raise BadSetting(f"DATABASE_SYNCHRONOUS must be FULL or NORMAL, not {synchronous!r}")
    names = [name.strip() for name in environment.get("FURTHER_MERCHANTS", "").split(",") if name.strip()]
    said = environment.get("PROVIDER", "") or "stripe"
    provider, *others = dict.fromkeys(name.strip() for name in said.split(","))
    for name in (provider, *others):
        if name not in _BASES:
            raise BadSetting(f"PROVIDER must be one of {', '.join(_BASES)}, not {name!r}")
    report_format = environment.get("REPORT_FORMAT", "") or "csv"
    if report_format not in {"csv", "json"}:
        raise BadSetting(f"REPORT_FORMAT must be csv or json, not {report_format!r}")
    settings = Settings(
        **_at(environment, provider, names),
        database=environment.get("DATABASE", "reference.sqlite"),
        public_url=environment.get("PUBLIC_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        synchronous=synchronous,
        effects_url=environment.get("EFFECTS_URL", "").rstrip("/"),
        reports_url=environment.get("SETTLEMENT_URL", "").rstrip("/"),
        report_format=report_format,
        traces_url=environment.get("OTEL_EXPORTER_OTLP_ENDPOINT", "").rstrip("/"),
        **numbers,
    )
    further = tuple(replace(settings, **_at(environment, name, names)) for name in others)
    return replace(settings, others=further)


def _at(environment: Mapping[str, str], provider: str, names: Sequence[str]) -> dict[str, Any]:
    """Read what differs from one provider to another: its address, and each merchant's account there."""
    return {
        "provider": provider,
        "merchant": _merchant(environment, provider, environment.get("MERCHANT", "main"), ""),
        "further": tuple(_merchant(environment, provider, name, f"_{name.upper()}") for name in names),
        "api_base": environment.get(f"{provider.upper()}_API_BASE", _BASES[provider]).rstrip("/"),
    }


def _merchant(environment: Mapping[str, str], provider: str, name: str, ending: str) -> Merchant:
    """Read one merchant's account; nothing of another merchant stands in for what is missing."""
    start = provider.upper()
    api_key = environment.get(f"{start}_API_KEY{ending}", "")
    if not api_key:
        raise BadSetting(f"{start}_API_KEY{ending} is not set")
    secrets = environment.get(f"{start}_WEBHOOK_SECRET{ending}", "").split(",")
    capture = environment.get(f"CAPTURE{ending}", "")
    if capture not in {"", "automatic", "manual"}:
        raise BadSetting(f"CAPTURE{ending} must be automatic or manual, not {capture!r}")
    taken = environment.get(f"CURRENCIES{ending}", "").split(",")
    return Merchant(
        name,
        api_key,
        tuple(part.strip() for part in secrets if part.strip()),
        environment.get(f"{start}_MERCHANT_ACCOUNT{ending}", ""),
        environment.get(f"{start}_RESPONSE_KEY{ending}", ""),
        tuple(part.strip() for part in taken if part.strip()),
        capture,
    )
