"""The journal keeps what happened: well formed, bounded, redacted, on disk at once."""

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badgateway.errors import EnvironmentProblem
from badgateway.ground.clock import Clock
from badgateway.journal.journal import TOGETHER_MAX, Journal
from badgateway.journal.ndjson import read_journal


def journal(**options):
    return Journal(Clock(1_000_000), **options)


def test_entries_are_numbered_from_one_and_carry_virtual_time():
    clock = Clock(5_000)
    record = Journal(clock)

    record.write("run.phase", name="steps")
    clock.advance(250)
    record.write("run.phase", name="heal")

    assert [(entry.seq, entry.at_ms) for entry in record.entries] == [(1, 5_000), (2, 5_250)]


def test_a_nullable_field_that_is_left_out_is_null():
    record = journal()

    record.write("webhook.lost", "o1", event="evt_1", why="lose")

    (entry,) = record.entries
    assert entry.data == {"event": "evt_1", "name": None, "why": "lose"}


def test_the_name_of_a_field_may_be_kind_or_order():
    record = journal()

    record.write("ledger.entry", "o1", seq=1, kind="auth", amount_minor=100, currency="EUR", cause="c1")

    (entry,) = record.entries
    assert entry.kind == "ledger.entry"
    assert entry.data["kind"] == "auth"


@pytest.mark.parametrize(
    ("kind", "data", "complaint"),
    [
        ("run.weather", {}, "no kind of entry"),
        ("run.phase", {}, "lacks its field 'name'"),
        ("run.phase", {"name": "steps", "mood": "good"}, "no field 'mood'"),
        (
            "op.invoked",
            {"op": "1", "step": 1, "do": "pay", "intent": "o1", "amount_minor": 4.5},
            "minor units",
        ),
        ("run.finished", {"is_quiescent": 1, "rounds": 1, "why": ""}, "true or false"),
        ("run.phase", {"name": object()}, "plain values"),
        ("run.advanced", {"by_ms": float("nan"), "why": "step"}, "infinities"),
    ],
)
def test_a_malformed_entry_is_our_bug(kind, data, complaint):
    with pytest.raises(AssertionError, match=complaint):
        journal().write(kind, **data)


def test_a_later_change_of_the_original_does_not_change_the_record():
    record, effects, facts = journal(), {"mail": 1}, [1, 2]
    record.write("view.read", "o1", effects=effects, is_readable=True, after="final")
    record.write(
        "event.created", "o1", event="evt_1", name=None, n=1, wire_type="a.b", facts=facts, cause="call1"
    )

    effects["mail"] = 9
    facts.append(3)

    viewed, created = record.entries
    assert viewed.data["effects"] == {"mail": 1}
    assert created.data["facts"] == [1, 2]


def test_every_line_is_with_the_operating_system_before_write_returns(tmp_path):
    record = journal(path=tmp_path / "deep" / "run.ndjson")

    record.write("run.phase", name="steps")

    assert json.loads((tmp_path / "deep" / "run.ndjson").read_text())["data"]["name"] == "steps"
    record.close()


def test_what_is_read_back_is_what_was_written(tmp_path):
    record = journal(path=tmp_path / "run.ndjson")
    record.write(
        "view.read",
        "o1",
        status="PAID",
        paid_minor=4999,
        refs=("pi_1",),
        effects={"mail": 1},
        is_readable=True,
        after="final",
    )
    record.write(
        "run.barrier",
        what="zwei Kopien, \u2028 gleichzeitig \ud800",
        is_achieved=True,
        strength="last_byte",
        waited_ms=0.25,
    )

    record.close()

    assert tuple(record.entries) == read_journal(tmp_path / "run.ndjson")


def test_secrets_never_get_in():
    record = journal(secrets=("sk_test_topsecret", ""))

    record.write("process.exited", pid=1, code=1, is_expected=False, tail="key sk_test_topsecret refused")

    (entry,) = record.entries
    assert "sk_test_topsecret" not in json.dumps(entry.data)


def test_card_numbers_never_get_in():
    record = journal()

    record.write("process.exited", pid=1, code=1, is_expected=False, tail="card 4242424242424242 sent")

    (entry,) = record.entries
    assert "4242424242424242" not in json.dumps(entry.data)


def test_reaching_the_bound_is_the_last_entry_and_never_silent():
    record = journal(entries_max=3)

    for _ in range(5):
        record.write("run.phase", name="steps")

    assert [entry.kind for entry in record.entries] == ["run.phase", "run.phase", "run.bounded"]
    assert record.is_full


TEXTS = st.one_of(
    st.sampled_from(
        [
            "sk_test_topsecret",
            "a sk_test_topsecret b",
            "4242 4242 4242 4242",
            "4242",
            "cvc=123",
            "security",
            "code: 123",
            "\ud800",
            "zwei \u2028 Kopien",
        ]
    ),
    st.text(max_size=5),
)
VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXTS
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(inner, inner),
        st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    ),
    max_leaves=5,
)


@settings(deadline=None)  # files are written, by a machine that may be busy
@given(st.lists(st.tuples(VALUES, VALUES), max_size=8), st.sets(st.integers(0, 7)), st.booleans())
def test_when_a_journal_is_read_makes_no_difference(written, read_after, is_on_disk):
    """Read at the end, read in between, or written to a file one by one: it is the same journal."""
    with TemporaryDirectory() as folder:
        options = {"path": Path(folder, "run.ndjson")} if is_on_disk else {}
        early, late = (journal(secrets=("sk_test_topsecret",), **one) for one in (options, {}))
        for number, (name, step) in enumerate(written):
            for record in (early, late):
                record.write("run.skipped", "o1", step=step, do=name, why="none", is_planned=True)
            if number in read_after:
                assert len(early.entries) == number + 1
        early.close()

        told = [(one.seq, one.at_ms, one.kind, one.order, one.data) for one in early.entries]
        assert told == [(one.seq, one.at_ms, one.kind, one.order, one.data) for one in late.entries]
        for entry, (name, step) in zip(late.entries, written, strict=True):
            alone = journal(secrets=("sk_test_topsecret",))
            alone.write("run.skipped", "o1", step=step, do=name, why="none", is_planned=True)
            assert alone.entries[0].data == entry.data
        assert "topsecret" not in repr([list(values_of(one.data)) for one in late.entries])
        assert "4242 4242" not in repr([list(values_of(one.data)) for one in late.entries])


def values_of(value):
    """Give all that stands in a value but names, which are ours."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from values_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from values_of(inner)
    else:
        yield value


@pytest.mark.parametrize("read_after", [0, 3, 5, 6, 9, 10, 11])
def test_only_the_newest_stay_in_memory_read_or_not(read_after):
    record = journal(kept_max=4)

    for number in range(11):
        record.write("run.phase", name=str(number))
        if number + 1 == read_after:
            assert [entry.seq for entry in record.entries][-1] == read_after

    seqs = [entry.seq for entry in record.entries]
    assert 4 <= len(seqs) < 8
    assert seqs == list(range(12 - len(seqs), 12))
    assert [entry.data["name"] for entry in record.entries] == [str(seq - 1) for seq in seqs]
    assert record.count == 11


def test_who_is_interrupted_while_he_reads_finds_every_entry_once_the_next_time(monkeypatch):
    record = journal(secrets=("sk_test_topsecret",))
    for number in range(2 * TOGETHER_MAX):
        record.write("run.phase", name=f"{number} sk_test_topsecret" if number > TOGETHER_MAX else "plain")

    with monkeypatch.context() as broken:
        broken.setattr("badgateway.journal.journal.redact", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            assert record.entries
    record.write("run.phase", name="after")

    assert [entry.seq for entry in record.entries] == list(range(1, 2 * TOGETHER_MAX + 2))
    assert record.entries[-2].data["name"] == f"{2 * TOGETHER_MAX - 1} [redacted]"


def test_a_journal_that_is_full_says_so_whatever_was_to_be_written_next():
    record = journal(entries_max=1)

    record.write("run.skipped", step=float("inf"), do="pay", why="none", is_planned=True)

    assert [entry.kind for entry in record.entries] == ["run.bounded"]


def test_many_unread_entries_are_looked_through_in_turn():
    record = journal(secrets=("sk_test_topsecret",))

    for number in range(2 * TOGETHER_MAX + 1):
        record.write("run.phase", name=f"{number} sk_test_topsecret" if number % 400 == 7 else str(number))

    told = [entry.data["name"] for entry in record.entries]
    assert [entry.seq for entry in record.entries] == list(range(1, 2 * TOGETHER_MAX + 2))
    assert told[:8] == ["0", "1", "2", "3", "4", "5", "6", "7 [redacted]"]
    assert "topsecret" not in "".join(told)
    assert told[-1] == str(2 * TOGETHER_MAX)


def test_a_path_that_cannot_be_written_is_a_problem_of_the_environment(tmp_path):
    with pytest.raises(EnvironmentProblem, match="cannot be written"):
        journal(path=tmp_path)
