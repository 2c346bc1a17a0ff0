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

    def count(self, name: str, kind: str, result: str) -> None:
        """Add one to `provider_calls`, `webhooks` or `effects`."""
        with self._lock:
            self._counts[name, kind, result] += 1

    def collect(self) -> Iterator[Any]:
        """Give the counters as prometheus_client wants them."""
        from prometheus_client.core import CounterMetricFamily  # noqa: PLC0415 - 60 ms that the start need not pay

        with self._lock:
            counts = dict(self._counts)
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
