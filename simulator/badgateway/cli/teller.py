"""Tells results on stdout in the order of the plans, whatever the order in which they finish."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from badgateway.cli.output import Output, is_coloured, width
from badgateway.report import json, ndjson, text
from badgateway.verdict.model import HELD

STORIES_MAX = 3  # cases told at length; of the rest the reports have everything
_Key = tuple[str, int, int]

if TYPE_CHECKING:
    from badgateway.plan.model import Plan
    from badgateway.trial import CaseResult


class Teller:
    """Collects the results of one run and writes each as soon as all before it are written."""

    def __init__(self, plans: Sequence[Plan], output: Output, *, is_held_back: bool = False) -> None:
        self._order = [_key(plan) for plan in plans]
        self._output = output
        self._is_held_back = is_held_back  # a progress bar is on the same terminal
        self._done: dict[_Key, CaseResult] = {}
        self._written = 0
        self._last = ""
        self._stories = 0

    def add(self, result: CaseResult) -> None:
        """Take one result."""
        self._done[_key(result.plan)] = result
        if not self._is_held_back:
            self._write_what_is_due()

    def results(self) -> tuple[CaseResult, ...]:
        """Give what came in, in the order of the plans."""
        return tuple(self._done[key] for key in self._order if key in self._done)

    def close(self, real_ms: float) -> None:
        """Write the rest: results that were held back or came after a gap, and the summary."""
        self._write_what_is_due()
        for key in self._order[self._written :]:
            if key in self._done:
                self._write(self._done[key])
        cases = self.results()
        if self._output.form == "json":
            sys.stdout.write(json.render(cases, real_ms))
        elif self._output.form == "text" and cases:
            columns, colours = width(sys.stdout), is_coloured(sys.stdout)
            summary = text.render_summary(cases, real_ms=real_ms, width=columns, is_coloured=colours)
            sys.stdout.write(f"{text.gap_after(self._last)}{summary}")
        sys.stdout.flush()

    def _write_what_is_due(self) -> None:
        while self._written < len(self._order) and self._order[self._written] in self._done:
            self._write(self._done[self._order[self._written]])
            self._written += 1
        sys.stdout.flush()

    def _write(self, result: CaseResult) -> None:
        if self._output.form == "ndjson":
            sys.stdout.write(ndjson.render(result))
        elif self._output.form == "text" and not (self._output.is_quiet and result.verdict.state == HELD):
            columns, colours = width(sys.stdout), is_coloured(sys.stdout)
            self._stories += result.verdict.state != HELD
            is_brief = self._stories > STORIES_MAX
            self._last = text.render_case(result, width=columns, is_coloured=colours, is_brief=is_brief)
            sys.stdout.write(self._last)


def _key(plan: Plan) -> _Key:
    return plan.scenario, plan.case, plan.seed
