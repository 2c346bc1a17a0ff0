"""The edge of the command line: what a command came to, as an exit code and plain sentences."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import click

from badgateway.errors import BadGatewayError, InputError

BAD_INPUT, OUR_BUG, INTERRUPTED = 2, 70, 130


def guarded(command: Callable[[], object]) -> NoReturn:
    """Run a command and leave with its exit code; an exception becomes a sentence, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show a character gets its number: no verdict is lost for that.
            stream.reconfigure(errors="backslashreplace")
    # A CI runner ends a job with SIGTERM; the integration's processes must not outlive us.
    before = signal.signal(signal.SIGTERM, _end)
    try:
        code = exit_code_of(command)
    finally:
        signal.signal(signal.SIGTERM, before)
    sys.exit(code)


def _end(*_: object) -> None:
    """End as at Ctrl-C, also where a script started us in its background, which ignores Ctrl-C."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        raise KeyboardInterrupt
    signal.raise_signal(signal.SIGINT)


def exit_code_of(command: Callable[[], object]) -> int:
    """Run a command and give the exit code that its result or its exception asks for."""
    try:
        result = command()
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the edge: whatever arrives becomes an exit code
        return _told(_unwrapped(error))
    return result if isinstance(result, int) else 0


def _told(error: BaseException) -> int:
    """Say what happened in plain sentences and give the exit code."""
    match error:
        case click.exceptions.Exit():
            code = error.exit_code
        case click.Abort() | KeyboardInterrupt():
            code = INTERRUPTED
            _say("interrupted")
        case BrokenPipeError():
            # Whoever read our output has left, as `head` does. Python would complain once more at its end.
            code = INTERRUPTED
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        case click.ClickException():
            code = BAD_INPUT
            _say(_usage(error))
        case InputError():
            code = error.exit_code
            _say("\n".join(str(problem) for problem in error.problems))
        case BadGatewayError():
            code = error.exit_code
            _say(str(error))
        case _:
            code = OUR_BUG
            _say(f"this is a bug of badgateway: {type(error).__name__}: {error}")
            _say(f"the traceback was written to {_keep(error)}; please report it")
    return code


def _unwrapped(error: BaseException) -> BaseException:
    """Give what a task group wrapped, where it wrapped one thing only."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


def _usage(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    place = context.command_path if context is not None else "badgateway"
    message = error.format_message().rstrip(".")
    return f"{place}: {message[:1].lower()}{message[1:]} (try {place} --help)"


def _keep(error: BaseException) -> Path:
    import tempfile
    import traceback

    from badgateway.cli.folders import crash_file

    told = "".join(traceback.format_exception(error))
    path = crash_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(told, encoding="utf-8", errors="backslashreplace")
    except OSError:
        handle, name = tempfile.mkstemp(prefix="badgateway-crash-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(told)
        return Path(name)
    return path


def _say(text: str) -> None:
    click.echo(text, err=True)
