"""Which scenarios are played, and with which seeds: options of several commands, and what they select."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from badgateway.errors import InputError, NothingSelected, Problem, nearest
from badgateway.ground.artifacts import artifact_dir
from badgateway.plan.model import Plan

if TYPE_CHECKING:
    from badgateway.scenario.model import Scenario

Command = TypeVar("Command", bound=Callable[..., Any])
PACK = Path("scenarios")
SEEDS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Selection:
    """What was asked for on the command line."""

    paths: tuple[str, ...] = ()  # none: ./scenarios where it exists, else the bundled pack
    words: str | None = None
    tags: tuple[str, ...] = ()
    case: int | None = None
    seed: int = 1
    seeds: int = 1


def filters(command: Command) -> Command:
    """Add -k, --tag, --seed and --seeds."""
    for option in (
        click.option(
            "--seeds", type=click.IntRange(1, SEEDS_MAX), default=1, metavar="N", help="Play N seeds."
        ),
        click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The first seed."),
        click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only scenarios with this tag."),
        click.option(
            "-k", "words", metavar="WORDS", help="Only scenarios whose path or title has these words."
        ),
    ):
        command = option(command)
    return command


def scenarios(selection: Selection, *, is_bundled: bool = False) -> tuple[Scenario, ...]:
    """Load what was selected; raises InputError with all problems, NothingSelected where nothing fits."""
    from badgateway.scenario.load import load_scenarios

    given = [str(artifact_dir("scenarios"))] if is_bundled else list(selection.paths) or [str(_pack())]
    paths = tuple(str(_existing(path)) for path in given)
    found = load_scenarios(paths, words=selection.words, tags=selection.tags)
    if not found:
        raise NothingSelected("no scenario fits: " + _asked(selection))
    return tuple(replace(scenario, path=story_path(scenario.path)) for scenario in found)


def story_files(selection: Selection) -> tuple[Path, ...]:
    """Give every scenario file that was named or lies in a folder that was named."""
    found: list[Path] = []
    for path in (_existing(path) for path in list(selection.paths) or [str(_pack())]):
        inside = sorted(path.rglob("*.y*ml")) if path.is_dir() else [path]
        found += inside
    if not found:
        raise NothingSelected("no scenario fits: " + _asked(selection))
    return tuple(dict.fromkeys(found))


def plans(selection: Selection, *, is_bundled: bool = False) -> tuple[Plan, ...]:
    """Compile every case of what was selected with every seed."""
    from badgateway.plan.compile import compile_scenario

    stories = scenarios(selection, is_bundled=is_bundled)
    seeds = range(selection.seed, selection.seed + selection.seeds)
    made = [plan for story in stories for seed in seeds for plan in compile_scenario(story, seed)]
    if selection.case is None:
        return tuple(made)
    chosen = tuple(plan for plan in made if plan.case == selection.case)
    if not chosen:
        most = max(plan.cases for plan in made)
        raise NothingSelected(f"there is no case {selection.case}: the scenarios have at most {most}")
    return chosen


def story_path(path: str) -> str:
    """Give the name by which a scenario is known; chance depends on it, so it is the same on each machine."""
    whole = Path(path).resolve()
    for start, name in ((Path.cwd(), Path()), (artifact_dir("scenarios").resolve(), PACK)):
        if whole.is_relative_to(start):
            return (name / whole.relative_to(start)).as_posix()
    return whole.as_posix()


def _pack() -> Path:
    return PACK if PACK.is_dir() else artifact_dir("scenarios")


def _existing(path: str) -> Path:
    """Find a path here; one that begins with scenarios/ also in the bundled pack, as Reproduce lines do."""
    here = Path(path)
    if here.exists():
        return here
    parts = here.parts
    if parts[:1] == PACK.parts and (bundled := artifact_dir("scenarios").joinpath(*parts[1:])).exists():
        return bundled
    siblings = [entry.name for entry in here.parent.iterdir()] if here.parent.is_dir() else []
    raise InputError([Problem(path, 0, 0, f"there is no such file or folder{nearest(here.name, siblings)}")])


def _asked(selection: Selection) -> str:
    asked = [*selection.paths]
    asked += [f"-k {selection.words}"] if selection.words else []
    asked += [f"--tag {tag}" for tag in selection.tags]
    return " ".join(asked) or "there is none"
