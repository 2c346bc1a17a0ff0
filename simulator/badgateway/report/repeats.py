"""What playing a broken case again has shown: how often it breaks, and from which step on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from badgateway.report.case import Case
from badgateway.verdict.model import Replays


def seen(replays: Replays) -> str:
    """Say how often a finding showed; where the plays differed, with the interval of its rate."""
    told = f"in {replays.broke} of {replays.plays} plays"
    if not replays.is_racy:
        return f"{told}, which all went the same way"
    low, high = (round(100 * bound) for bound in (replays.low, replays.high))
    return f"{told}, racy: they went different ways; it breaks {low} to {high} % of the time (Wilson, 95 %)"


def no_return(case: Case) -> str:
    """Say after which step nothing could mend it any more; empty where that is not known."""
    n = case.verdict.no_return
    started = next((entry for entry in case.entries if entry.kind == "run.started"), None)
    if n is None or started is None:
        return ""
    steps: list[Mapping[str, Any]] = list(started.data["plan"]["steps"])
    step = next((one for one in steps if one["n"] == n), None)
    if step is None:
        return ""
    if n == steps[0]["n"]:
        return f"from step {n} on ({_words(step)}), the first one"
    return f"from step {n} on ({_words(step)}); left to come to rest before it, the story ends well"


def _words(step: Mapping[str, Any]) -> str:
    if step.get("members"):
        return f"{step['do']}: {', '.join(_words(one) for one in step['members'])}"
    return " ".join(str(word) for word in (step["do"], step.get("order")) if word)
