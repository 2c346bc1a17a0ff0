"""Counters out of Prometheus' text exposition format (version 0.0.4), and which of them are meant."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

# Source: prometheus.io, "Exposition formats": name{label="value",...} value [timestamp]
_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_LABELS = r'\{(?P<labels>(?:[^"}]|"(?:[^"\\]|\\.)*")*)\}'
_SAMPLE = re.compile(rf"(?P<name>{_NAME})\s*(?:{_LABELS})?\s+(?P<value>\S+)(?:\s.*)?")
_SELECTOR = re.compile(rf"(?P<name>{_NAME})\s*(?:{_LABELS})?")
_LABEL = re.compile(r'\s*(?P<name>[a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"(?P<value>(?:[^"\\]|\\.)*)"\s*(?:,|$)')
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Sample:
    """One line: a metric's name, its labels and its value."""

    name: str
    labels: frozenset[tuple[str, str]]
    value: float


@dataclass(frozen=True, slots=True)
class Series:
    """Which samples are meant: those of a name that have at least these labels."""

    name: str
    labels: frozenset[tuple[str, str]]

    def total(self, samples: tuple[Sample, ...]) -> float:
        """Add up what is meant; nothing is nought, for a counter appears with its first count."""
        return sum(one.value for one in samples if one.name == self.name and self.labels <= one.labels)


def read_series(text: str) -> Series:
    """Read a selector such as payments_total{result="succeeded"}; raises ValueError with a plain sentence."""
    found = _SELECTOR.fullmatch(text.strip())
    if found is None:
        raise ValueError(f'{text!r} names no metric; write it like payments_total{{result="succeeded"}}')
    return Series(found["name"], frozenset(_labels(found["labels"] or "")))


def read_samples(text: str) -> tuple[Sample, ...]:
    """Read an exposition, without comments and what is no finite number; raises ValueError with the line."""
    samples = []
    for n, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _SAMPLE.fullmatch(line.strip())
        if found is None:
            raise ValueError(f"line {n} of the metrics is no sample")
        try:
            value = float(found["value"])
        except ValueError:
            raise ValueError(f"line {n} of the metrics has no number") from None
        if math.isfinite(value):
            samples.append(Sample(found["name"], frozenset(_labels(found["labels"] or "")), value))
    return tuple(samples)


def _labels(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text.rstrip()):
        found = _LABEL.match(text, at)
        if found is None:
            raise ValueError(f"labels cannot be read: {text[at : at + 40]!r}")
        yield found["name"], _ESCAPED.sub(_unescaped, found["value"])
        at = found.end()


def _unescaped(found: re.Match[str]) -> str:
    return "\n" if found[1] == "n" else found[1]
