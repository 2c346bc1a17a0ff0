"""Going on with a journal of a process that is gone."""

import pytest

from badgateway.errors import EnvironmentProblem, InputError
from badgateway.ground.clock import Clock
from badgateway.journal.journal import Journal
from badgateway.journal.ndjson import read_journal
from badgateway.journal.resuming import held, read_earlier


def write(path, *names, earlier=None):
    journal = Journal(Clock(started_ms=5), path, earlier=earlier)
    for name in names:
        journal.write("run.phase", name=name)
    journal.close()


def test_there_may_be_none_yet(tmp_path):
    (tmp_path / "empty").write_bytes(b"")

    assert read_earlier(tmp_path / "none") is None
    assert read_earlier(tmp_path / "empty") is None


def test_the_chain_goes_on_over_several_processes(tmp_path):
    path = tmp_path / "journal.ndjson"
    write(path, "steps")
    write(path, "heal", earlier=read_earlier(path))
    write(path, "final_read", earlier=read_earlier(path))

    entries = read_journal(path)
    assert [(entry.seq, entry.data["name"]) for entry in entries] == [
        (1, "steps"),
        (2, "heal"),
        (3, "final_read"),
    ]


@pytest.mark.parametrize("kept", [1, 20, -1])
def test_half_a_line_is_taken_off(tmp_path, kept):
    path = tmp_path / "journal.ndjson"
    write(path, "steps", "heal")
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + second[:kept])

    earlier = read_earlier(path)

    assert [entry.data["name"] for entry in earlier.entries] == ["steps"]
    assert path.read_bytes() == first


def test_other_damage_is_named_and_left_as_it_is(tmp_path):
    path = tmp_path / "journal.ndjson"
    write(path, "steps", "heal")
    damaged = path.read_bytes().replace(b"steps", b"steqs")
    path.write_bytes(damaged)

    with pytest.raises(InputError, match="ndjson:1:"):
        read_earlier(path)
    assert path.read_bytes() == damaged


def test_a_full_journal_stays_full(tmp_path):
    path = tmp_path / "journal.ndjson"
    journal = Journal(Clock(started_ms=5), path, entries_max=2)
    for _ in range(3):
        journal.write("run.phase", name="steps")
    journal.close()

    again = Journal(Clock(started_ms=5), path, earlier=read_earlier(path))
    again.close()
    assert again.is_full


def test_a_directory_is_held_by_one_at_a_time(tmp_path):
    with held(tmp_path / "state"), pytest.raises(EnvironmentProblem, match="another process"):
        held(tmp_path / "state").__enter__()
    with held(tmp_path / "state"):
        pass
