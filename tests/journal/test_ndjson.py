"""A journal file proves its own integrity."""

import pytest

from badgateway.errors import InputError
from badgateway.ground.clock import Clock
from badgateway.journal.entry import Entry
from badgateway.journal.journal import Journal
from badgateway.journal.ndjson import read_journal, write_journal


@pytest.fixture
def written(tmp_path):
    path = tmp_path / "run.ndjson"
    record = Journal(Clock(1_000), path)
    for name in ("steps", "heal", "final_read"):
        record.write("run.phase", name=name)
    record.close()
    return path


def rewrite(path, change):
    lines = path.read_text().splitlines()
    change(lines)
    path.write_text("\n".join(lines) + "\n")


def test_a_journal_from_memory_is_written_as_the_same_bytes(written, tmp_path):
    write_journal(tmp_path / "copy.ndjson", read_journal(written))

    assert written.read_bytes() == (tmp_path / "copy.ndjson").read_bytes()


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda lines: lines.__setitem__(1, lines[1].replace("heal", "hide")), 2),
        (lambda lines: lines.pop(1), 2),
        (lambda lines: lines.insert(1, lines[1]), 3),
        (lambda lines: lines.__setitem__(2, lines[2].replace('"seq":3', '"seq": 3')), 3),
        (lambda lines: lines.__setitem__(0, "not JSON"), 1),
        (lambda lines: lines.__setitem__(0, "[1]"), 1),
        (lambda lines: lines.__setitem__(2, lines[2].replace("run.phase", "run.mood")), 3),
        (lambda lines: lines.__setitem__(1, lines[1].replace('"name"', '"nom"')), 2),
        (lambda lines: lines.__setitem__(1, "[" * 100_000), 2),
    ],
)
def test_damage_is_reported_with_its_line(written, change, line):
    rewrite(written, change)

    with pytest.raises(InputError) as caught:
        read_journal(written)

    assert line == caught.value.problems[0].line


def test_a_line_that_was_cut_short_is_damage(written):
    written.write_text(written.read_text()[:-10])

    with pytest.raises(InputError, match="cut short"):
        read_journal(written)


def test_a_missing_or_empty_journal_is_bad_input(tmp_path):
    (tmp_path / "empty.ndjson").write_text("")

    with pytest.raises(InputError, match="cannot be read"):
        read_journal(tmp_path / "none.ndjson")
    with pytest.raises(InputError, match="empty"):
        read_journal(tmp_path / "empty.ndjson")


def test_a_journal_from_before_a_field_was_known_is_read_with_a_null(tmp_path):
    old = Entry(
        1, 1_000, 0.5, "call.answered", "o1", {"call": "call1", "is_complete": True, "parked_ms": 0.0}
    )
    write_journal(tmp_path / "old.ndjson", [old])

    (entry,) = read_journal(tmp_path / "old.ndjson")

    assert entry.data["retry_after_ms"] is None
    assert entry.data["call"] == "call1"
