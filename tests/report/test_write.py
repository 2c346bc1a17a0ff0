"""Reports as files."""

import pytest

from badgateway.errors import EnvironmentProblem
from badgateway.journal.entry import Entry
from badgateway.journal.ndjson import read_journal
from badgateway.report.write import KINDS, write_report


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_written_into_a_folder_that_is_made(tmp_path, held, overcharged, kind):
    path = write_report(kind, tmp_path / "new" / "folder", [held, overcharged], 12.0)

    assert path.exists()


def test_a_folder_that_is_a_file_is_a_problem_of_the_machine(tmp_path, held):
    taken = tmp_path / "taken"
    taken.write_text("x")

    with pytest.raises(EnvironmentProblem, match="junit cannot be written"):
        write_report("junit", taken, [held])


def test_a_written_journal_can_be_read_and_its_chain_holds(tmp_path, overcharged):
    whole = (
        Entry(1, 0, 0.5, "run.phase", None, {"name": "heal"}),
        Entry(2, 9, 1.0, "run.phase", "o1", {"name": "steps"}),
    )

    folder = write_report("ndjson", tmp_path, [overcharged.with_entries(whole)])

    (path,) = folder.iterdir()
    assert path.name == "scenarios-retries-charge-answer-lost-case2-seed7.ndjson"
    assert read_journal(path) == whole
