"""What a whole run comes to: states, faults that fired, and how often each law was put to the test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from badgateway.report.case import Case
from badgateway.verdict.model import BROKEN, HELD, NOT_JUDGED, UNKNOWN, VACUOUS

STATES = (HELD, BROKEN, UNKNOWN, VACUOUS)


@dataclass(frozen=True, slots=True)
class LawCount:
    """One invariant over all cases."""

    invariant: str
    code: str
    antecedents: int  # how often it was put to the test, over all cases
    states: Mapping[str, int]  # state -> number of cases

    @property
    def is_vacuous(self) -> bool:
        """Say whether no case put it to the test, although it was judged."""
        return not self.antecedents and not self.states.get(BROKEN) and bool(self.states.get(VACUOUS))

    @property
    def is_not_judged(self) -> bool:
        """Say whether no case could judge it, because of what the integration does not show."""
        return bool(self.states.get(NOT_JUDGED)) and sum(self.states.values()) == self.states[NOT_JUDGED]


@dataclass(frozen=True, slots=True)
class Summary:
    """All cases of one run, counted."""

    scenarios: int
    cases: int
    states: Mapping[str, int]
    faults_planned: int
    faults_fired: int
    laws: tuple[LawCount, ...]
    real_ms: float
    refused: Mapping[str, int]  # host that is not simulated -> how often it was asked for

    @property
    def exit_code(self) -> int:
        """Give the exit code that the cases ask for: broken outweighs unknown; nothing tested is not held."""
        if self.states[BROKEN]:
            return 1
        return 4 if self.states[UNKNOWN] or self.states[VACUOUS] else 0


def summarise(cases: Sequence[Case], real_ms: float = 0) -> Summary:
    """Count what a run came to."""
    verdicts = [case.verdict for case in cases]
    states = Counter(verdict.state for verdict in verdicts)
    names: dict[str, str] = {}
    tested: Counter[str] = Counter()
    rows: dict[str, Counter[str]] = {}
    for verdict in verdicts:
        for row in verdict.rows:
            names[row.invariant] = row.code
            tested[row.invariant] += row.antecedents
            rows.setdefault(row.invariant, Counter())[row.state] += 1
    return Summary(
        scenarios=len({verdict.scenario for verdict in verdicts}),
        cases=len(verdicts),
        states={state: states[state] for state in STATES},
        faults_planned=sum(verdict.faults_planned for verdict in verdicts),
        faults_fired=sum(verdict.faults_fired for verdict in verdicts),
        laws=tuple(LawCount(name, code, tested[name], rows[name]) for name, code in names.items()),
        real_ms=real_ms,
        refused=Counter(
            entry.data["host"] for case in cases for entry in case.entries if entry.kind == "run.refused"
        ),
    )


def refusals(summary: Summary) -> list[str]:
    """Name the hosts that the proxy refused, with how often they were asked for."""
    return [
        f"{host} {times} {'time' if times == 1 else 'times'}"
        for host, times in sorted(summary.refused.items())
    ]
