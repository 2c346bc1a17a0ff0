"""A short timeline: the entries that prove a finding, with what happened around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from badgateway.journal.entry import Entry
from badgateway.report.amounts import currencies
from badgateway.report.wording import lane, sentence
from badgateway.verdict.model import Finding

LINES_MAX = 16
# What tells a story by itself; the rest is shown only where it is proof.
_TELLING = frozenset(
    {
        "op.invoked",
        "op.returned",
        "op.acted",
        "call.arrived",
        "call.answered",
        "ledger.entry",
        "fault.fired",
        "webhook.sent",
        "webhook.lost",
        "webhook.disabled",
        "effect.seen",
        "canary.seen",
        "process.killed",
        "process.started",
        "process.exited",
    }
)


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a timeline. `left_out` is how many telling entries were skipped before it."""

    seq: int
    at: str  # story time since the play began: virtual time that was jumped, plus real time that went by
    lane: str
    text: str
    is_proof: bool
    left_out: int = 0


def story_time(ms: float) -> str:
    """Write a span of milliseconds: +0.012 s, or +3d 02:00:07 where it is long."""
    if ms < 600_000:
        return f"+{ms / 1000:.3f} s"
    seconds = int(ms) // 1000
    days, rest = divmod(seconds, 86_400)
    clock = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"+{days}d {clock}" if days else f"+{clock}"


def timeline(
    entries: Sequence[Entry],
    finding: Finding,
    consequences: Sequence[Finding] = (),
    lines_max: int = LINES_MAX,
) -> tuple[Moment, ...]:
    """Choose the proof, the faults that fired, the proof of the consequences, and what stands nearest."""
    if not entries:
        return ()
    began_ms = entries[0].at_ms
    agreed = currencies(entries)
    later = frozenset(seq for one in consequences for seq in one.proof)
    candidates = [entry for entry in entries if entry.seq in later or _may_show(entry, finding)]
    chosen = _nearest(candidates, finding, later, lines_max)
    moments, left_out = [], 0
    for entry in candidates:
        if entry.seq not in chosen:
            left_out += 1
            continue
        moments.append(
            Moment(
                entry.seq,
                story_time(entry.at_ms - began_ms + entry.real_ms),
                lane(entry),
                sentence(entry, agreed.get(entry.order)),
                entry.seq in finding.proof,
                left_out,
            )
        )
        left_out = 0
    return tuple(moments)


def _may_show(entry: Entry, finding: Finding) -> bool:
    if entry.seq in finding.proof:
        return True
    same_story = finding.order is None or entry.order in {None, finding.order}
    return same_story and entry.kind in _TELLING


def _nearest(
    candidates: Sequence[Entry], finding: Finding, later: frozenset[int], lines_max: int
) -> frozenset[int]:
    """Proof first, then faults, then the proof of consequences, then what stands nearest to the proof."""
    proof = [place for place, entry in enumerate(candidates) if entry.seq in finding.proof]

    def rank(place: int) -> tuple[int, int, int]:
        entry = candidates[place]
        if entry.seq in finding.proof:
            return (0, finding.proof.index(entry.seq), place)
        distance = min((abs(place - known) for known in proof), default=place)
        is_key = entry.kind == "fault.fired"
        return (1 if is_key else 2 if entry.seq in later else 3, distance, place)

    best = sorted(range(len(candidates)), key=rank)[:lines_max]
    return frozenset(candidates[place].seq for place in best)
