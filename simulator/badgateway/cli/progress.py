"""A progress bar on stderr, where stderr is a terminal; elsewhere nothing."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from badgateway.verdict.model import BROKEN, HELD

Advance = Callable[[str], None]


def is_shown(*, is_quiet: bool) -> bool:
    """Say whether there will be a bar."""
    return not is_quiet and sys.stderr.isatty()


@contextmanager
def bar(total: int, *, is_quiet: bool) -> Iterator[Advance]:
    """Show how many cases are done, held and broken; the block calls what it gets with each state."""
    if not is_shown(is_quiet=is_quiet):
        yield lambda _: None
        return
    # Loaded only where it is shown: the library costs more than the rest of a short command.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as progress:
        task = progress.add_task("playing", total=total)
        states: Counter[str] = Counter()

        def advance(state: str) -> None:
            states[state] += 1
            told = f"{states[HELD]} held, {states[BROKEN]} broken"
            progress.update(task, advance=1, description=told)

        yield advance
