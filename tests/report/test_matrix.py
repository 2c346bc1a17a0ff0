"""Planted defects by invariants."""

import pytest

from badgateway.errors import InputError
from badgateway.report.matrix import Row, read, render, render_laws, renew, row


def test_the_law_that_must_catch_a_defect_is_in_bold(held, overcharged):
    told = render([row("retry-new-key", "no_overcharge", [held, overcharged])])

    assert "| retry-new-key | **1** |  | 1 |" in told


def test_a_defect_that_slips_through_is_said(held):
    missed = row("retry-new-key", "no_overcharge", [held])

    assert not missed.is_caught
    assert "**missed**" in render([missed])


def test_what_would_be_missed_without_a_law_is_said():
    laws = ("no_overcharge", "one_live_hold", "exact_amount")
    rows = [
        Row("retry-new-key", "no_overcharge", 2, {"no_overcharge": 1, "one_live_hold": 1}, laws),
        Row("float-truncation", "exact_amount", 2, {"exact_amount": 2}, laws),
    ]

    told = render_laws(rows)

    assert "| no_overcharge | retry-new-key | none |" in told
    assert "| one_live_hold | none | none |" in told
    assert "| exact_amount | float-truncation | float-truncation |" in told


def test_the_table_of_a_file_is_renewed_and_the_rest_is_kept(tmp_path):
    page = tmp_path / "README.md"
    page.write_text("# Before\n<!-- matrix: begin -->\nold\n<!-- matrix: end -->\nafter\n")

    renew(page, "| new |\n")

    assert page.read_text() == "# Before\n<!-- matrix: begin -->\n| new |\n<!-- matrix: end -->\nafter\n"


def test_a_file_without_a_place_for_the_table_is_refused(tmp_path):
    page = tmp_path / "README.md"
    page.write_text("# Before\n")

    with pytest.raises(InputError, match="has no place for the table"):
        renew(page, "x")


def test_the_rows_of_a_page_are_read_as_they_were_written(tmp_path):
    page, laws = tmp_path / "README.md", ("no_overcharge", "one_live_hold", "exact_amount")
    page.write_text("<!-- matrix: begin -->\n<!-- matrix: end -->\n")
    rows = [
        Row("retry-new-key", "no_overcharge", 0, {"no_overcharge": 12, "one_live_hold": 1}, laws),
        Row("float-truncation", "exact_amount", 0, {}, laws),
        Row("gone-since", "exact_amount", 0, {"exact_amount": 1}, laws),
    ]
    renew(page, f"{render(rows)}\n{render_laws(rows)}")

    known = {"retry-new-key": "no_overcharge", "float-truncation": "exact_amount"}

    assert read(page, known) == rows[:2]


def test_a_page_without_a_table_has_no_rows(tmp_path):
    assert read(tmp_path / "README.md", {}) == []
