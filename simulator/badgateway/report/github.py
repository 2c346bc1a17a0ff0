"""Annotations that GitHub Actions shows at the scenario's file."""

from __future__ import annotations

from collections.abc import Sequence

from badgateway.report.amounts import at_stake
from badgateway.report.case import Case, case_name
from badgateway.report.clean import printable
from badgateway.verdict.model import BROKEN, HELD, Verdict


def render(cases: Sequence[Case]) -> str:
    """Give one workflow command for each case that is not held: error where broken, else warning."""
    return "".join(_command(case.verdict) + "\n" for case in cases if case.verdict.state != HELD)


def _command(verdict: Verdict) -> str:
    level = "error" if verdict.state == BROKEN else "warning"
    title = f"{verdict.state}: {verdict.title} [{case_name(verdict)}]"
    return (
        f"::{level} file={_property(verdict.scenario)},title={_property(title)}::{_data(_message(verdict))}"
    )


def _message(verdict: Verdict) -> str:
    said = [verdict.cause.sentence, at_stake(verdict.cause)] if verdict.cause else list(verdict.problems)
    return "\n".join([*(part for part in said if part), f"Reproduce: {verdict.reproduce}"])


def _data(text: str) -> str:
    """Escape a message as the workflow commands of GitHub Actions ask for."""
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape a property: commas and colons would end it."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
