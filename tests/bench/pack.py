"""Measure the pack against the reference: plays a second, wall time, and the share that is badgateway's own.

Run by `make bench`. Absolute figures depend on the machine of the day; read the ratios within one run.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from badgateway import pipeline
from badgateway.cli.target import embedded
from badgateway.ground.clock import cpu_ms, monotonic_ms
from badgateway.play.alone import why_alone
from badgateway.server.loops import run


async def once(plans: list, description, workers: int, worlds: int = 1) -> dict[str, float]:
    """Play all plans once; give seconds of wall time, of our processor time and of silence, and the plays."""
    with tempfile.TemporaryDirectory() as folder:
        wall, cpu = monotonic_ms(), cpu_ms()
        results = await pipeline.run(
            plans,
            description,
            workdir=Path(folder),
            reproduce=lambda plan: plan.scenario,
            workers=workers,
            worlds=worlds,
        )
        wall, cpu = monotonic_ms() - wall, cpu_ms() - cpu
    states = {result.verdict.state for result in results}
    assert states <= {"held"}, f"the reference is not clean: {states}"
    plays = [play for result in results for play in result.plays]
    quiet = sum(entry.data["quiet_ms"] for play in plays for entry in play if entry.kind == "run.finished")
    return {"wall": wall / 1000, "cpu": cpu / 1000, "quiet": quiet / 1000, "plays": len(plays)}


def main() -> None:
    """Print one line for each number of workers, medians over the rounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--worlds", type=int, nargs="+", default=[1, 2, 4, 8])
    options = parser.parse_args()
    target = embedded()
    plans = pipeline.load(["scenarios"], [7])
    rounds: dict[int, list[dict[str, float]]] = {workers: [] for workers in options.workers}
    for _ in range(options.rounds):
        for workers in options.workers:
            rounds[workers].append(run(once(plans, target.description, workers)))
    print(f"{len(plans)} cases of the pack, seed 7, medians of {options.rounds} interleaved rounds")
    print("| workers | wall s | plays/s | cases/s | our CPU s | our share of the wall (CPU + quiet waits) |")
    print("|---|---|---|---|---|---|")
    for workers, seen in rounds.items():
        wall, cpu, quiet, plays = (
            statistics.median(one[name] for one in seen) for name in ("wall", "cpu", "quiet", "plays")
        )
        share = (cpu + quiet / workers) / wall
        rates = f"{plays / wall:.1f} | {len(plans) / wall:.1f}"
        print(f"| {workers} | {wall:.2f} | {rates} | {cpu:.2f} | {share:.0%} |")

    _side_by_side(plans, target.description, options.worlds, options.rounds)


def _side_by_side(plans: list, description, worlds: list[int], rounds: int) -> None:
    """Print what it brings to put one running integration through several plays at once."""
    sharing = [plan for plan in plans if not why_alone(plan, description)]
    walls: dict[int, list[float]] = {count: [] for count in worlds}
    for _ in range(rounds):
        for count in worlds:
            walls[count].append(run(once(sharing, description, 1, count))["wall"])
    alone = statistics.median(walls[worlds[0]])
    print(f"\n{len(sharing)} of {len(plans)} cases may share one integration; one copy of it, same rounds")
    print("| worlds at once | wall s | cases/s | speed-up |")
    print("|---|---|---|---|")
    for count, seen in walls.items():
        wall = statistics.median(seen)
        print(f"| {count} | {wall:.2f} | {len(sharing) / wall:.1f} | {alone / wall:.2f} |")


if __name__ == "__main__":
    main()
