"""The first command of a newcomer."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import badgateway as package
from badgateway.cli.catalogues import defects


def test_a_correct_integration_holds_on_a_bad_day(badgateway):
    result = badgateway("demo", "-k", "lost_answer", "--quiet")

    assert result.exit_code == 0, result.output
    assert "0 broken, 0 unknown" in result.stdout
    assert result.stderr == ""


def test_a_planted_defect_ends_with_money_timeline_remedy_and_a_line_that_works(process, folder):
    result = process("demo", "-k", "retries/lost_answer", "--defect", "retry-new-key", "--seed", "7")

    assert result.returncode == 1, result.stderr
    assert "the customer loses" in result.stdout
    assert "Timeline" in result.stdout
    assert "What to do" in result.stdout
    line = next(line for line in result.stdout.splitlines() if "Reproduce:" in line).partition("Reproduce: ")[
        2
    ]
    assert line == (
        "badgateway run scenarios/retries/lost_answer.yaml --case 1 --seed 7 --defect retry-new-key"
    )
    again = subprocess.run(
        [sys.executable, "-m", *shlex.split(line)], cwd=folder, capture_output=True, text=True, check=False
    )
    assert again.returncode == 1
    assert line in again.stdout
    assert "no badgateway.yaml" not in again.stderr


def test_a_misspelt_defect_gets_the_nearest_one(badgateway):
    result = badgateway("demo", "--defect", "retry-new-kye")

    assert result.exit_code == 2
    assert "did you mean 'retry-new-key'?" in result.stderr


def test_without_the_extra_one_sentence_says_what_to_install(badgateway, monkeypatch):
    monkeypatch.setitem(sys.modules, "stripe", None)

    result = badgateway("demo")

    assert result.exit_code == 3
    assert result.stderr == (
        "the embedded reference integration needs the extra 'demo' (stripe missing): "
        "pip install 'badgateway[demo]'\n"
    )


@pytest.mark.parametrize("arguments", [("--write", "README.md"), ("--whole",)], ids=" ".join)
def test_options_that_do_not_go_together_are_refused(badgateway, arguments):
    result = badgateway("demo", *arguments)

    assert result.exit_code == 2
    assert "--matrix" in result.stderr


def test_nothing_that_fits_is_exit_code_five(badgateway):
    result = badgateway("demo", "-k", "no such words anywhere")

    assert result.exit_code == 5
    assert result.stdout == ""


def test_the_matrix_has_a_row_for_a_defect_and_is_renewed_in_a_file(badgateway, folder):
    page = folder / "README.md"
    page.write_text("# Defects\n<!-- matrix: begin -->\n<!-- matrix: end -->\n")
    story = ("-k", "retries/lost_answer", "--quiet")

    result = badgateway("demo", "--matrix", "--defect", "retry-new-key", *story, "--write", "README.md")

    rows = [line.split("|")[1].strip() for line in page.read_text().splitlines() if line.startswith("| ")]
    assert rows[2] == "retry-new-key"
    assert "| retry-new-key | **2** |" in page.read_text()
    assert result.exit_code == 0


def test_the_matrix_looks_further_where_the_nearest_stories_catch_nothing(badgateway):
    story = ("-k", "security/keys_stay_secret", "--quiet")

    result = badgateway("demo", "--matrix", "--defect", "retry-new-key", *story)

    assert "**missed**" in result.stdout
    assert result.exit_code == 1


def test_the_catalogue_page_has_a_row_for_every_defect():
    page = (Path(package.__file__).parent / "reference" / "defects" / "README.md").read_text()
    matrix = page.partition("<!-- matrix: begin -->")[2].partition("\n\n")[0]

    rows = [line.split("|")[1].strip() for line in matrix.splitlines() if line.startswith("| ")]

    assert rows[2:] == [defect.name for defect in defects()]
