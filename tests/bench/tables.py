"""What was measured, as Markdown tables: medians over the rounds, and ratios within them."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping

Rounds = Mapping[str, list[dict]]


def speed(rounds: Rounds, ours: str, bare: str, what: Mapping[str, str]) -> str:
    """Tell how quick each is, and what share of the bare server's and of ours that is."""
    columns = ["who", "create/s", "CPU µs", "p50 ms", "p99 ms", "of the bare server", "ours beside it"]
    columns.append("its CPU beside ours")
    columns += ["create, confirm, retrieve: requests/s", "CPU µs", "ours beside it"]
    lines = _head(columns)
    known = {bare: "uvicorn's protocol, prepared bytes", ours: "stateful, idempotent, with events", **what}
    for name, seen in rounds.items():
        own = [f"{name}: {known[name]}"]
        own += [_number(seen, "create", one) for one in ("per_s", "cpu_us", "p50_ms", "p99_ms")]
        own.append(_ratio(rounds, name, bare, "create"))
        own.append(_ratio(rounds, ours, name, "create"))
        own.append(_ratio(rounds, name, ours, "create", "cpu_us"))
        if "cycle" in seen[0]:
            own += [_number(seen, "cycle", "per_s"), _number(seen, "cycle", "cpu_us")]
            own.append(_ratio(rounds, ours, name, "cycle"))
        else:
            own += ["", "", ""]
        lines.append("| " + " | ".join(own) + " |")
    return "\n".join(lines)


def pairs(rounds: Rounds, ours: str) -> str:
    """Tell how many calls with their webhook each manages."""
    columns = [
        "call and webhook",
        "pairs/s",
        "CPU µs a pair",
        "calls/s meanwhile",
        "signed",
        "not come within 6 s",
    ]
    lines = _head([*columns, "ours beside it"])
    for name, seen in rounds.items():
        rate = _median(seen, lambda one: one["per_s"])
        cells = [_short(_median(seen, lambda one, key=key: one[key])) for key in ("cpu_us", "calls_per_s")]
        is_signed = all(one["signed"] for one in seen)
        missing = sum(max(0, one["missing"]) for one in seen)
        ratio = _ratio_of(rounds[ours], seen, lambda one: one["per_s"]) if ours in rounds else ""
        marks = ["yes" if is_signed else "no", str(missing), ratio]
        lines.append("| " + " | ".join([name, _short(rate), *cells, *marks]) + " |")
    return "\n".join(lines)


def held(seen: Mapping[str, float], calls: int, seconds: int) -> str:
    """Tell what it costs to keep calls waiting."""
    others_ms = _short(seen["p50_ms"]), _short(seen["p99_ms"])
    late = f"{seen['late_p50_s']:.2f} s (median), {seen['late_max_s']:.2f} s (the last)"
    others = f"{_short(seen['others_per_s'])}/s, p50 {others_ms[0]} ms, p99 {others_ms[1]} ms"
    rows = {
        "memory of a held call": f"{seen['kb_each']:.1f} KiB",
        "all sent after": f"{seen['sent_s']:.2f} s",
        f"answered later than {seconds} s after it was sent": late,
        "all answered after": f"{seen['all_s']:.2f} s",
        "not answered": f"{seen['unanswered']:.0f}",
        "other calls meanwhile, on 8 connections": f"{others}, {seen['others_failed']:.0f} failed",
    }
    lines = _head([f"{calls:,} calls held for {seconds} s each", ""])
    return "\n".join([*lines, *(f"| {name} | {value} |" for name, value in rows.items())])


def _head(columns: list[str]) -> list[str]:
    return [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]


def _number(seen: list[dict], kind: str, key: str) -> str:
    return _short(_median(seen, lambda one: one[kind][key]))


def _median(seen: list[dict], value: Callable[[dict], float]) -> float:
    return statistics.median(value(one) for one in seen)


def _ratio(rounds: Rounds, one: str, other: str, kind: str, key: str = "per_s") -> str:
    if one == other or one not in rounds or other not in rounds:
        return ""
    return _ratio_of(rounds[one], rounds[other], lambda seen: seen[kind][key])


def _ratio_of(ones: list[dict], others: list[dict], value: Callable[[dict], float]) -> str:
    if ones is others:
        return ""
    ratio = statistics.median(value(one) / value(other) for one, other in zip(ones, others, strict=False))
    return f"{ratio:.2f}"


def _short(number: float | None) -> str:
    if number is None:
        return "none"
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}"
