"""`badgateway settlement`: the settlement reports of a served provider, as the files that it hands out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from badgateway.cli.served import Served, addressed, ask, served, whose
from badgateway.errors import EnvironmentProblem, InputError, UnknownWord

if TYPE_CHECKING:
    from badgateway.integration.client import Incoming

_FLAWS = ("missing", "late", "repeated", "misstated")  # as payments/settlement.py has them; a test compares
_EPILOG = """\b
Examples:
  badgateway settlement --pay-out
  badgateway settlement --pay-out --format json --provider adyen
  badgateway settlement --pay-out --flaw misstated --out settlement.csv
  badgateway settlement --list
  badgateway settlement --report sr_3f8Q0b --format json

A served provider pays nothing out by itself: --pay-out settles what has moved since the last time, and
pays it out. Address and key are found as by `badgateway trigger`. The same files are at
/settlement/reports of the served address, for a program that fetches them with the account's API key.
"""


@click.command("settlement", epilog=_EPILOG)
@addressed("Whose reports")
@click.option("--pay-out", "is_paying", is_flag=True, help="Settle and pay out what has moved, first.")
@click.option(
    "--flaw", type=click.Choice(_FLAWS), help="With --pay-out: the report has one line wrong, like this."
)
@click.option("--list", "is_listing", is_flag=True, help="List the reports that there are.")
@click.option("--report", "wanted", metavar="ID", help="This report; else the newest.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json"]),
    default="csv",
    show_default=True,
    help="Of the file.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write it to FILE; else to stdout.",
)
def command(
    provider: str | None,
    url: str | None,
    api_key: str | None,
    is_paying: bool,
    flaw: str | None,
    is_listing: bool,
    wanted: str | None,
    form: str,
    out: Path | None,
) -> int:
    """Print a settlement report of a served provider, as CSV or JSON.

    There is a report of each payout: its charges, refunds, disputes, fees and adjustments, and the payout
    itself as the last row, which takes the sum to nothing. Amounts are minor units.
    """
    from badgateway.server.loops import run

    if flaw is not None and not is_paying:
        raise InputError("--flaw is of a report that is made: say --pay-out as well")
    there = served(whose(provider, url), url, api_key)
    content = run(_told(there, flaw, wanted, form, is_paying=is_paying, is_listing=is_listing))
    if out is None:
        click.echo(content, nl=False)
        return 0
    try:
        out.write_bytes(content)
    except OSError as error:
        raise EnvironmentProblem(f"{out} cannot be written: {error.strerror}") from error
    click.echo(f"settlement report: {out}", err=True)
    return 0


async def _told(
    there: Served, flaw: str | None, wanted: str | None, form: str, *, is_paying: bool, is_listing: bool
) -> bytes:
    """Pay out where that is asked for, and give the list, or one report as a file."""
    from badgateway.play.handing_out import LIST, PAYOUTS

    if is_paying and not _listed(await ask(there, "POST", f"{PAYOUTS}?flaw={flaw}" if flaw else PAYOUTS)):
        raise InputError(
            "nothing was paid out: no money has moved since the last payout, or more out than in"
        )
    reports = _listed(await ask(there, "GET", LIST))
    if is_listing:
        return "".join(f"{_line(one)}\n" for one in reports).encode()
    if not reports:
        raise InputError("there is no settlement report yet: --pay-out pays out, and makes one")
    ids = [str(one["id"]) for one in reports]
    if wanted is not None and wanted not in ids:
        raise UnknownWord("settlement report", wanted, ids)
    answer = await ask(there, "GET", f"{LIST}/{wanted or ids[-1]}.{form}")
    if answer.status != 200:
        raise EnvironmentProblem(_refusal(answer))
    return answer.body


def _line(report: dict[str, Any]) -> str:
    told = (report["id"], report["payout"], report["status"], report["total_minor"], report["currency"])
    return "  ".join([*map(str, told), f"{report['rows']} rows"])


def _listed(answer: Incoming) -> list[dict[str, Any]]:
    shown = _document(answer)
    if answer.status != 200 or not isinstance(shown.get("reports"), list):
        raise EnvironmentProblem(_refusal(answer))
    return list(shown["reports"])


def _refusal(answer: Incoming) -> str:
    said = _document(answer).get("error")
    return f"the server refused: {said or f'HTTP {answer.status}; is it another program?'}"


def _document(answer: Incoming) -> dict[str, Any]:
    try:
        found = json.loads(answer.body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
