"""Colours, widths and the reports of a run."""

import io

import pytest

from badgateway.cli.output import PLAIN_WIDTH, is_coloured, width


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_gets_colours_and_a_pipe_does_not():
    assert is_coloured(Terminal())
    assert not is_coloured(io.StringIO())


def test_no_color_is_obeyed_before_anything_else(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")

    assert not is_coloured(Terminal())


def test_an_empty_no_color_means_nothing(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "")

    assert is_coloured(Terminal())


def test_force_color_colours_a_pipe(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")

    assert is_coloured(io.StringIO())


@pytest.mark.parametrize(("columns", "expected"), [("120", 120), ("80", 80), ("20", 60)])
def test_a_terminal_is_filled_and_a_tiny_one_is_not_obeyed(monkeypatch, columns, expected):
    monkeypatch.setenv("COLUMNS", columns)

    assert width(Terminal()) == expected


def test_a_pipe_has_a_fixed_width(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")

    assert width(io.StringIO()) == PLAIN_WIDTH
