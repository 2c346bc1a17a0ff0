"""Counters in Prometheus' text format; its library is loaded when somebody asks, not at the start."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any


class Metrics:
    """Counts what happened, by kind and result."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._lags_s = (0, 0.0)  # how many webhooks were worked off, and what they took together
        self._apart: dict[int, int] = {}  # attempt -> minor units by which our books differ

    def count(self, name: str, kind: str, result: str) -> None:
        """Add one to `provider_calls`, `payments`, `retries`, `webhooks` or `effects`."""
        with self._lock:
            self._counts[name, kind, result] += 1

    def lag(self, seconds: float) -> None:
        """Add what one webhook took from its arrival until it was worked off."""
        with self._lock:
            count, total = self._lags_s
            self._lags_s = count + 1, total + seconds

    def compare(self, attempt_id: int, apart_minor: int) -> None:
        """Remember by how much the provider's account of an attempt differs from ours after a look."""
        with self._lock:
            self._apart[attempt_id] = apart_minor

    def collect(self) -> Iterator[Any]:
        """Give the counters as prometheus_client wants them."""
        from prometheus_client.core import (  # noqa: PLC0415 - 60 ms that the start need not pay
            CounterMetricFamily,
            GaugeMetricFamily,
            SummaryMetricFamily,
        )

        with self._lock:
            counts, (count, total) = dict(self._counts), self._lags_s
            apart = sum(abs(minor) for minor in self._apart.values())
        yield SummaryMetricFamily("integration_webhook_lag_seconds", "webhook lag", count, total)
        yield GaugeMetricFamily("integration_reconciliation_delta_minor", "books and provider apart", apart)
        for name in sorted({name for name, _, _ in counts}):
            family = CounterMetricFamily(
                f"integration_{name}", name.replace("_", " "), labels=["kind", "result"]
            )
            for (found, kind, result), value in sorted(counts.items()):
                if found == name:
                    family.add_metric([kind, result], value)
            yield family

    def render(self) -> bytes:
        """Give the exposition text."""
        from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415 - as above

        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry)
