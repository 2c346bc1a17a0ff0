"""`badgateway doctor`: one real payment and view, and what was understood of them."""

from __future__ import annotations

import sys

import click

from badgateway.cli.folders import new_run_folder
from badgateway.cli.output import is_coloured, width
from badgateway.cli.target import find
from badgateway.report.line import Line, lay_out
from badgateway.server.loops import run as run_in_loop

_STYLES = {"ok": "good", "fail": "bad", "warn": "doubt"}
_EPILOG = """\b
Examples:
  badgateway doctor
  badgateway doctor --config staging/badgateway.yaml
"""


@click.command("doctor", epilog=_EPILOG)
@click.option(
    "--config", metavar="FILE", help="The badgateway.yaml, or the word reference for the embedded one."
)
@click.option("--defect", metavar="ID", help="Plant this bug in the embedded reference integration.")
def command(config: str | None, defect: str | None) -> int:
    """Check that badgateway.yaml describes the integration, and say what cannot be judged.

    One payment is made and looked at; everything that was mapped is printed.
    """
    from badgateway.examination import doctor

    target = find(config, defect)
    checks = run_in_loop(
        doctor(target.description, workdir=new_run_folder(), extra_arguments=target.extra_arguments)
    )
    lines = [
        Line(
            f"{check.state:<6}{check.name:<22}",
            _told(check.sentence, check.mend),
            _STYLES.get(check.state, ""),
        )
        for check in checks
    ]
    sys.stdout.write(lay_out(lines, width(sys.stdout), is_coloured=is_coloured(sys.stdout)))
    return 3 if any(check.state == "fail" for check in checks) else 0


def _told(sentence: str, mend: str) -> str:
    return f"{sentence}; {mend}" if mend else sentence
