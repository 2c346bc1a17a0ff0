"""A journal is judged in sections as it would be judged whole, and findings name its own entries."""

from __future__ import annotations

import pytest

from badgateway.errors import InputError
from badgateway.ground.clock import Clock
from badgateway.journal.journal import Journal
from badgateway.journal.ndjson import read_journal
from badgateway.journal.sections import sections
from badgateway.verdict.judge import judge
from badgateway.verdict.long import judge_long

ORDERS, TWICE = 7, "o5"


def begin(journal):
    """Write what a play begins with: one fault for each order is planned."""
    faults = [
        {"index": n, "at": {"name": "charge", "n": 1, "order": f"o{n}", "provider": None}, "do": "close"}
        for n in range(1, ORDERS + 1)
    ]
    journal.write(
        "run.started",
        scenario="long",
        title="long",
        case=1,
        seed=1,
        nonce="n",
        role="main",
        plan={"faults": faults, "deliveries": [], "orders": [], "steps": []},
        integration="shop",
        revision="1",
        declares={},
        judgeable=["status"],
        provider="stripe",
        is_strict=True,
    )


@pytest.fixture
def path(tmp_path):
    """Give a journal of interleaved orders, of which one is charged twice, none of it left in memory."""
    path = tmp_path / "journal.ndjson"
    journal = Journal(Clock(), path, kept_max=2)
    begin(journal)
    names = [f"o{n}" for n in range(1, ORDERS + 1)]
    for name in names:
        journal.write(
            "run.order",
            name,
            reference=f"ref{name}",
            amount_minor=100,
            currency="EUR",
            capture="automatic",
            card="approved",
            shopper="S",
        )
    for name in [*names, TWICE]:
        journal.write(
            "ledger.entry",
            name,
            seq=journal.count,
            kind="capture",
            payment=f"pi{journal.count}",
            amount_minor=100,
            currency="EUR",
            cause="call1",
        )
        journal.write(
            "fault.fired", name, fault=int(name[1:]), at="charge[1]", phase="after_commit", do="close"
        )
    journal.write("run.finished", is_quiescent=True, rounds=1)
    journal.close()
    assert len(journal.entries) < 4 < journal.count
    return path


@pytest.mark.parametrize("orders_max", [1, 2, 50])
def test_every_order_is_in_one_section_with_its_own_faults(path, orders_max):
    cut = list(sections(path, orders_max))

    assert sorted(order for one in cut for order in one.orders) == [f"o{n}" for n in range(1, ORDERS + 1)]
    assert all(len(one.orders) <= orders_max for one in cut)
    for one in cut:
        assert [entry.seq for entry in one.entries] == list(range(1, len(one.entries) + 1))
        planned = {fault["at"]["order"] for fault in one.entries[0].data["plan"]["faults"]}
        assert planned == set(one.orders)


@pytest.mark.parametrize("orders_max", [1, 3, 50])
def test_sections_come_to_what_the_whole_comes_to(path, orders_max):
    whole = judge(read_journal(path))

    long = judge_long(path, orders_max)

    assert {row.invariant: row.state for row in whole.rows} == {law: long.state(law) for law in long.states}
    assert (long.orders, dict(long.problems)) == (ORDERS, {})
    (finding,) = [one for one in long.findings if one.invariant == "no_overcharge"]
    (known,) = [one for row in whole.rows for one in row.findings if one.invariant == "no_overcharge"]
    assert finding == known


def test_a_damaged_line_is_found_on_the_way(path):
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"amount_minor":100', '"amount_minor":101', 1), encoding="utf-8")

    with pytest.raises(InputError, match="the chain is broken here"):
        judge_long(path)
