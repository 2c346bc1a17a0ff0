"""Verdicts and findings as plain records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

HELD, BROKEN, UNKNOWN, VACUOUS, NOT_JUDGED = "held", "broken", "unknown", "vacuous", "not judged"


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken law, a sentence, with the journal entries that prove it."""

    invariant: str  # no_overcharge
    code: str  # M1
    order: str | None
    sentence: str  # "o1 was agreed at 49.99 EUR, the provider captured 99.98 EUR"
    proof: tuple[int, ...]  # seqs of journal entries, in order
    customer_loss_minor: int = 0
    merchant_loss_minor: int = 0
    currency: str | None = None
    is_timed: bool = False  # rests on how long something took


@dataclass(frozen=True, slots=True)
class Judged:
    """One invariant over one journal."""

    invariant: str
    code: str
    state: str  # held broken unknown vacuous "not judged"
    claim: str  # the first line of its docstring
    antecedents: int  # how often it was put to the test
    findings: tuple[Finding, ...] = ()
    why: str = ""  # of unknown and "not judged"
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Replays:
    """One plan played several times: how often the same law broke for the same order."""

    plays: int
    broke: int
    low: float  # Wilson's 95 % interval of the rate, from 0 to 1
    high: float
    is_racy: bool  # the plays went different ways


@dataclass(frozen=True, slots=True)
class Verdict:
    """One play of one case, judged."""

    scenario: str
    title: str
    case: int
    cases: int
    seed: int
    state: str  # the worst: broken, unknown, held (vacuous where nothing was tested at all)
    rows: tuple[Judged, ...]
    cause: Finding | None  # the earliest finding
    consequences: tuple[Finding, ...]
    faults_planned: int
    faults_fired: int
    fingerprint: str
    reproduce: str
    baseline: str = HELD  # state of the baseline; broken: the finding is no fault's doing
    problems: tuple[str, ...] = ()  # what makes it unknown
    matrix: Mapping[str, object] = field(default_factory=dict)
    real_ms: float = 0
    replays: Replays | None = None  # of a broken case that was played again
    no_return: int | None = None  # number of the step after which every continuation was broken
