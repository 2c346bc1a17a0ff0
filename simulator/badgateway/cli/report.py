"""`badgateway report`: tell a stored run again, judged by the laws of today."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from badgateway.cli.folders import latest_run
from badgateway.cli.output import Output, telling, write_reports
from badgateway.cli.playing import reproduce_line
from badgateway.cli.run_note import CaseName, Judgement, judgements, read_note
from badgateway.cli.teller import Teller
from badgateway.report.summary import summarise

_EPILOG = """\b
Examples:
  badgateway report
  badgateway report --rejudge .badgateway/runs/1795272111861-823125fa1fe9
  badgateway report .badgateway/runs/1795272111861-823125fa1fe9 --report html
"""


@click.command("report", epilog=_EPILOG)
@click.argument("run", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--rejudge", is_flag=True, help="Also say which verdicts differ from those of the day.")
@telling
def command(run: Path | None, rejudge: bool, **options: Any) -> int:
    """Tell a stored run again, judged by the laws of today.

    RUN is the folder of a run, or one journal; without it, the latest run of this folder. Nothing is played:
    the journals are the evidence, so a law that was written or mended since then judges old runs as well. How
    often a finding showed is counted in the plays that are kept beside it, and not told where there are none.
    """
    from badgateway.rejudging import rejudge as judge_again

    place = run or latest_run()
    output = Output(options["form"], options["reports"], Path(options["report_dir"]), options["quiet"])
    note = read_note(place if place.is_dir() else place.parent.parent)
    results = judge_again(place, reproduce_line(note.words if note else ()))
    if note is not None:
        ranks = {name: rank for rank, name in enumerate(note.verdicts)}
        results = tuple(sorted(results, key=lambda one: ranks.get(_name(one.plan), len(ranks))))
    real_ms = sum(result.real_ms for result in results)
    teller = Teller([result.plan for result in results], output)
    for result in results:
        teller.add(result)
    teller.close(real_ms)
    write_reports(output, results, real_ms)
    if rejudge:
        _tell_differences(note.verdicts if note else None, judgements(results))
    return summarise(results).exit_code


def _tell_differences(then: dict[CaseName, Judgement] | None, now: dict[CaseName, Judgement]) -> None:
    if then is None:
        click.echo("no verdicts of the day are kept beside these journals", err=True)
        return
    changed = [(name, then[name], one) for name, one in now.items() if name in then and then[name] != one]
    for (scenario, case, seed), before, after in changed:
        click.echo(f"{scenario} case {case} seed {seed}: was {before}, is {after}", err=True)
    number = len(changed)
    click.echo(
        f"{number} of {len(now)} {'verdict differs' if number == 1 else 'verdicts differ'} from the day's",
        err=True,
    )


def _name(plan: Any) -> CaseName:
    return plan.scenario, plan.case, plan.seed
