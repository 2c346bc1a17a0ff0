"""The progress bar."""

import io
import sys

from badgateway.cli.progress import bar, is_shown


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_where_stderr_is_no_terminal_nothing_is_written(capsys):
    with bar(3, is_quiet=False) as advance:
        advance("held")

    assert capsys.readouterr() == ("", "")


def test_a_terminal_sees_how_many_are_done_and_broken(monkeypatch, capsys):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")

    with bar(3, is_quiet=False) as advance:
        advance("held")
        advance("broken")

    assert "1 held, 1 broken" in terminal.getvalue()
    assert "2/3" in terminal.getvalue()
    assert capsys.readouterr().out == ""


def test_quiet_shows_no_bar_even_on_a_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())

    assert is_shown(is_quiet=False)
    assert not is_shown(is_quiet=True)
