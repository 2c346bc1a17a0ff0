"""Plays plans through the pipeline, tells what comes of it, and gives the exit code."""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from badgateway.cli.folders import new_run_folder
from badgateway.cli.output import Output, write_reports
from badgateway.cli.own_providers import word_for
from badgateway.cli.progress import bar, is_shown
from badgateway.cli.run_note import write_note
from badgateway.cli.target import Target
from badgateway.cli.teller import Teller
from badgateway.ground.clock import monotonic_ms
from badgateway.report.summary import summarise
from badgateway.server.loops import run as run_in_loop

if TYPE_CHECKING:
    from badgateway.plan.model import Plan
    from badgateway.trial import CaseResult


def play(
    plans: Sequence[Plan],
    target: Target,
    output: Output,
    *,
    workers: int | None = None,
    worlds: int = 1,
    check_determinism: bool = False,
    **watching: Any,
) -> int:
    """Play the plans against the target; results that came before a failure are still told and reported.

    `watching` is handed on to the pipeline, such as `on_played`.
    """
    from badgateway import pipeline

    is_bar_on_stdout = is_shown(is_quiet=output.is_quiet) and sys.stdout.isatty()
    teller = Teller(plans, output, is_held_back=is_bar_on_stdout)
    folder = new_run_folder()
    alone: Counter[str] = Counter()
    began_ms = monotonic_ms()
    try:
        with bar(len(plans), is_quiet=output.is_quiet) as advance:

            def on_result(result: CaseResult) -> None:
                teller.add(result)
                advance(result.verdict.state)

            run_in_loop(
                pipeline.run(
                    plans,
                    target.description,
                    workers=target.workers(workers),
                    extra_arguments=target.extra_arguments,
                    workdir=folder,
                    reproduce=reproduce_line(target.words, is_routed=target.is_routed),
                    on_result=on_result,
                    check_determinism=check_determinism,
                    repeat_broken=True,
                    worlds=worlds,
                    on_alone=lambda _, why: alone.update([why]),
                    **watching,
                )
            )
    finally:
        real_ms = monotonic_ms() - began_ms
        for why, count in alone.most_common():
            click.echo(f"{count} of {len(plans)} cases ran alone: {why}", err=True)
        teller.close(real_ms)
        write_note(folder, target.words, teller.results())
        write_reports(output, teller.results(), real_ms)
    return summarise(teller.results()).exit_code


def collect(
    plans: Sequence[Plan], target: Target, *, workers: int | None, is_quiet: bool
) -> tuple[CaseResult, ...]:
    """Play the plans and give the results without telling them."""
    from badgateway import pipeline

    with bar(len(plans), is_quiet=is_quiet) as advance:
        return run_in_loop(
            pipeline.run(
                plans,
                target.description,
                workers=min(target.workers(workers), len(plans)),
                extra_arguments=target.extra_arguments,
                workdir=new_run_folder(),
                reproduce=reproduce_line(target.words, is_routed=target.is_routed),
                on_result=lambda result: advance(result.verdict.state),
            )
        )


def reproduce_line(named: Sequence[str], *, is_routed: bool = False) -> Callable[[Plan], str]:
    """Give the maker of the line that plays one case again when it is pasted; `named`: the target's words.

    `is_routed`: what is played with where no provider is named is the merchants' to say.
    """
    from badgateway.providers import DIALECTS

    def line(plan: Plan) -> str:
        words = ["badgateway", "run", plan.scenario, "--case", str(plan.case), "--seed", str(plan.seed)]
        is_usual = plan.provider == DIALECTS.names()[0] and not is_routed
        provider = () if is_usual else ("--provider", word_for(plan.provider))
        return shlex.join([*words, *provider, *named])

    return line
