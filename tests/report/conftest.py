"""Played cases to tell: one that held and one in which the shopper was charged twice."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from badgateway.journal.entry import Entry
from badgateway.verdict.model import Finding, Judged, Verdict

BEGAN_MS = 1_750_000_000_000
CLAIM = "Never take more than was agreed."


@dataclass(frozen=True)
class Played:
    verdict: Verdict
    entries: tuple[Entry, ...] = ()
    journal_path: Path | None = None
    real_ms: float = 250.0

    def but(self, **changes) -> "Played":
        """Give the same case with another verdict."""
        return replace(self, verdict=replace(self.verdict, **changes))

    def with_entries(self, entries) -> "Played":
        """Give the same case with another journal."""
        return replace(self, entries=entries)


def an_entry(seq, kind, /, *, order="o1", after_ms=0, **data) -> Entry:
    return Entry(seq, BEGAN_MS, float(after_ms), kind, order, data)


@pytest.fixture
def entry():
    """Give what makes an entry of the same play as the cases."""
    return an_entry


def a_row(invariant="no_overcharge", code="M1", state="held", antecedents=1, **more) -> Judged:
    return Judged(invariant, code, state, CLAIM, antecedents, **more)


def journal() -> tuple[Entry, ...]:
    paid = {"amount_minor": 4999, "currency": "EUR"}
    lost = {"fault": 1, "at": "o1.charge[1]", "phase": "after_commit", "do": "close", "call": "c1"}
    return (
        an_entry(1, "run.started", order=None, seed=7),
        an_entry(2, "run.order", reference="oabc", capture="automatic", **paid),
        an_entry(3, "op.invoked", after_ms=2, op="p1", step=1, do="pay", **paid),
        an_entry(4, "call.arrived", after_ms=5, call="c1", op="charge", n=1, key="key-one", **paid),
        an_entry(5, "call.committed", after_ms=5, call="c1", status=200, is_applied=True),
        an_entry(6, "ledger.entry", after_ms=5, kind="capture", payment="pi_1", **paid),
        an_entry(7, "fault.fired", after_ms=6, **lost),
        an_entry(8, "call.answered", after_ms=6, call="c1", status=None, effect="close"),
        an_entry(9, "call.arrived", after_ms=40, call="c2", op="charge", n=2, key="key-two", **paid),
        an_entry(10, "ledger.entry", after_ms=41, kind="capture", payment="pi_2", **paid),
        an_entry(11, "call.answered", after_ms=42, call="c2", status=200, is_complete=True),
        an_entry(12, "view.read", after_ms=60, status="PAID", paid_minor=4999, is_readable=True),
    )


@pytest.fixture
def held() -> Played:
    verdict = Verdict(
        scenario="scenarios/happy/pay.yaml",
        title="A shopper pays",
        case=1,
        cases=1,
        seed=7,
        state="held",
        rows=(a_row(), a_row("honest_ambiguity", "R3", "vacuous", 0)),
        cause=None,
        consequences=(),
        faults_planned=0,
        faults_fired=0,
        fingerprint="0123456789abcdef",
        reproduce="badgateway run scenarios/happy/pay.yaml --case 1 --seed 7",
    )
    return Played(verdict, journal()[:6])


@pytest.fixture
def overcharged() -> Played:
    cause = Finding(
        "no_overcharge",
        "M1",
        "o1",
        "o1 was agreed at 49.99 EUR, the provider captured 99.98 EUR",
        proof=(2, 6, 10),
        customer_loss_minor=4999,
        currency="EUR",
    )
    also = Finding(
        "amount_agreement", "M8", "o1", "o1 shows 49.99 EUR paid, 99.98 EUR was captured", (10, 12)
    )
    rows = (
        a_row(
            state="broken", antecedents=2, findings=(cause,), remedy="Keep the key of an unanswered charge."
        ),
        a_row("amount_agreement", "M8", "broken", 1, findings=(also,)),
        a_row("honest_ambiguity", "R3", "held", 1),
    )
    verdict = Verdict(
        scenario="scenarios/retries/charge-answer-lost.yaml",
        title="The charge goes through, the answer is lost",
        case=2,
        cases=2,
        seed=7,
        state="broken",
        rows=rows,
        cause=cause,
        consequences=(also,),
        faults_planned=1,
        faults_fired=1,
        fingerprint="fedcba9876543210",
        reproduce="badgateway run scenarios/retries/charge-answer-lost.yaml --case 2 --seed 7",
        matrix={"do": "close"},
    )
    return Played(verdict, journal(), Path("runs/j.ndjson"))
