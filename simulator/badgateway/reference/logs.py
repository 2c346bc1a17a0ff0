"""Structured logs: one JSON object a line on stderr, of declared fields only, sensitive text taken out."""

from __future__ import annotations

import json
import re
import sys
import threading
from typing import TextIO

from badgateway.reference.clock import Clock

# Keys, signing secrets, client secrets, and anything as long as a card number.
_SENSITIVE = re.compile(r"\b(sk|rk|whsec|pi_\w+_secret)_\w+|\b\d[\d -]{11,21}\d\b")
_FIELDS = frozenset(
    [
        "order",
        "attempt",
        "kind",
        "status",
        "code",
        "state",
        "event",
        "type",
        "provider_id",
        "took_ms",
        "tries",
        "count",
        "reason",
        "path",
        "said",
    ]
)


def redact(text: str) -> str:
    """Take out what must not be read in a log."""
    return _SENSITIVE.sub("[redacted]", text)


class LogRules:
    """Text of strangers may hold anything, so all text is cleaned where every line passes."""

    def shown(self, text: str) -> str:
        """Give a text as it may stand in a log."""
        return redact(text)


class Log:
    """Writes lines; a field that is not declared is refused, so that nothing slips in."""

    def __init__(self, clock: Clock, stream: TextIO | None = None, rules: LogRules | None = None) -> None:
        self._clock = clock
        self._rules = rules or LogRules()
        self._stream = stream or sys.stderr
        self._lock = threading.Lock()

    def __call__(self, what: str, **fields: object) -> None:
        """Write one line."""
        assert fields.keys() <= _FIELDS, f"undeclared log fields: {sorted(fields.keys() - _FIELDS)}"
        shown = self._rules.shown
        known = {key: shown(value) if isinstance(value, str) else value for key, value in fields.items()}
        line = json.dumps({"at_ms": self._clock.wall_ms(), "what": what, **known}, default=str)
        with self._lock:
            print(line, file=self._stream, flush=True)
