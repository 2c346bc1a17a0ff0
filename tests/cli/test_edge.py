"""Exceptions become exit codes and plain sentences."""

import click
import pytest

from badgateway.cli.edge import exit_code_of
from badgateway.errors import (
    EnvironmentProblem,
    InputError,
    IntegrationDown,
    NothingSelected,
    Problem,
    UnknownWord,
)


def raising(error):
    def command():
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError("bad"), 2),
        (UnknownWord("fault", "clsoe", ["close"]), 2),
        (EnvironmentProblem("port busy"), 3),
        (IntegrationDown("it did not start"), 3),
        (NothingSelected("nothing"), 5),
        (ExceptionGroup("tasks", [IntegrationDown("it died")]), 3),
        (click.UsageError("no such option"), 2),
        (click.exceptions.Exit(0), 0),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (ValueError("boom"), 70),
    ],
    ids=str,
)
def test_each_kind_of_failure_has_its_exit_code(error, code):
    assert exit_code_of(raising(error)) == code


@pytest.mark.parametrize("code", [0, 1, 4])
def test_a_command_gives_its_own_exit_code(code):
    assert exit_code_of(lambda: code) == code


def test_every_problem_stands_on_its_own_line(capsys):
    problems = [Problem("b.yaml", 2, 1, "unknown key"), Problem("a.yaml", 9, 3, "no amount", "add one")]

    exit_code_of(raising(InputError(problems)))

    assert capsys.readouterr().err == "a.yaml:9:3: no amount (add one)\nb.yaml:2:1: unknown key\n"


def test_a_bug_of_ours_is_said_and_its_traceback_is_kept(capsys, folder):
    exit_code_of(raising(ZeroDivisionError("of ours")))

    told = capsys.readouterr()
    (kept,) = (folder / ".badgateway").glob("crash-*.txt")
    assert told.out == ""
    assert "this is a bug of badgateway: ZeroDivisionError: of ours" in told.err
    assert kept.name in told.err
    assert "Traceback" not in told.err
    assert "Traceback" in kept.read_text()


def test_a_bug_is_kept_elsewhere_where_the_folder_cannot_be_written(capsys, folder):
    (folder / ".badgateway").write_text("a file where the folder should be")

    exit_code_of(raising(ZeroDivisionError("of ours")))

    assert "badgateway-crash-" in capsys.readouterr().err
