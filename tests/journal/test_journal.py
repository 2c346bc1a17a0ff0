"""The journal keeps what happened: well formed, bounded, redacted, on disk at once."""

import json

import pytest

from badgateway.errors import EnvironmentProblem
from badgateway.ground.clock import Clock
from badgateway.journal.journal import Journal
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
    entry = journal().write("webhook.lost", "o1", event="evt_1", why="lose")

    assert entry.data == {"event": "evt_1", "name": None, "why": "lose"}


def test_the_name_of_a_field_may_be_kind_or_order():
    entry = journal().write(
        "ledger.entry", "o1", seq=1, kind="auth", amount_minor=100, currency="EUR", cause="c1"
    )

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
    effects = {"mail": 1}
    entry = journal().write("view.read", "o1", effects=effects, is_readable=True, after="final")

    effects["mail"] = 9

    assert entry.data["effects"] == {"mail": 1}


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

    entry = record.write(
        "process.exited", pid=1, code=1, is_expected=False, tail="key sk_test_topsecret refused"
    )

    assert "sk_test_topsecret" not in json.dumps(entry.data)


def test_card_numbers_never_get_in():
    entry = journal().write(
        "process.exited", pid=1, code=1, is_expected=False, tail="card 4242424242424242 sent"
    )

    assert "4242424242424242" not in json.dumps(entry.data)


def test_reaching_the_bound_is_the_last_entry_and_never_silent():
    record = journal(entries_max=3)

    for _ in range(5):
        record.write("run.phase", name="steps")

    assert [entry.kind for entry in record.entries] == ["run.phase", "run.phase", "run.bounded"]
    assert record.is_full


def test_a_path_that_cannot_be_written_is_a_problem_of_the_environment(tmp_path):
    with pytest.raises(EnvironmentProblem, match="cannot be written"):
        journal(path=tmp_path)
