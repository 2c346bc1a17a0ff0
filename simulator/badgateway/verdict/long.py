"""The verdict about a journal that is too long for memory: its sections are judged one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from badgateway.journal.sections import ORDERS_MAX, sections
from badgateway.verdict.judge import judge
from badgateway.verdict.model import BROKEN, HELD, NOT_JUDGED, UNKNOWN, VACUOUS, Finding

FINDINGS_MAX = 100  # that are kept; all are counted


@dataclass(slots=True)
class LongVerdict:
    """What became of each law over all sections."""

    sections: int = 0
    orders: int = 0
    entries: int = 0
    states: dict[str, Counter[str]] = field(default_factory=dict)  # law -> state -> sections
    tested: Counter[str] = field(default_factory=Counter)  # law -> how often it was put to the test
    found: int = 0
    findings: list[Finding] = field(default_factory=list)  # the first ones, with the journal's own numbers
    problems: Counter[str] = field(default_factory=Counter)

    def state(self, law: str) -> str:
        """Give the worst that a law came to; vacuous is what was never put to the test."""
        seen = self.states[law]
        return next((state for state in (BROKEN, UNKNOWN, HELD, NOT_JUDGED) if seen[state]), VACUOUS)


def judge_long(
    path: Path, orders_max: int = ORDERS_MAX, on_section: Callable[[int], None] = lambda _: None
) -> LongVerdict:
    """Judge a journal of any length; raises InputError where it is damaged.

    A law that compares orders with each other sees those of one section together. `on_section` hears how many
    orders a section had.
    """
    long = LongVerdict()
    for section in sections(path, orders_max):
        verdict = judge(section.entries)
        long.sections += 1
        long.orders += len(section.orders)
        long.entries += len(section.entries)
        long.problems.update(verdict.problems)
        for row in verdict.rows:
            long.states.setdefault(row.invariant, Counter())[row.state] += 1
            long.tested[row.invariant] += row.antecedents
            long.found += len(row.findings)
            room = FINDINGS_MAX - len(long.findings)
            for finding in row.findings[:room]:
                proof = tuple(section.places[seq - 1] for seq in finding.proof)
                long.findings.append(replace(finding, proof=proof))
        on_section(len(section.orders))
    return long
