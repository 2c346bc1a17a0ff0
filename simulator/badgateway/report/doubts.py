"""Why a case could not be judged, in sentences."""

from __future__ import annotations

from badgateway.verdict.model import UNKNOWN, VACUOUS, Verdict


def doubts(verdict: Verdict) -> tuple[str, ...]:
    """Give every reason for which a verdict is less sure than it could be, each once."""
    found = list(verdict.problems)
    found += [f"{row.invariant}: {row.why}" for row in verdict.rows if row.state == UNKNOWN and row.why]
    if verdict.faults_fired < verdict.faults_planned:
        found.append(f"{verdict.faults_fired} of {verdict.faults_planned} faults fired")
    if verdict.state == VACUOUS:
        found.append("no law was put to the test by this case")
    return tuple(dict.fromkeys(found))
