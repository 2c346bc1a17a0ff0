"""Which scenarios are played, and with which seeds: options of several commands, and what they select."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from badgateway.cli.own_providers import declare_here, named
from badgateway.errors import NothingSelected
from badgateway.ground.artifacts import artifact_dir

if TYPE_CHECKING:
    from badgateway.integration.model import Description, Merchant
    from badgateway.plan.model import Plan
    from badgateway.scenario.model import Scenario

Command = TypeVar("Command", bound=Callable[..., Any])
PACK = "scenarios"
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
    provider: str | None = None  # None: the one that each story names first


def filters(command: Command) -> Command:
    """Add -k, --tag, --seed, --seeds and --provider."""
    for option in (
        click.option(
            "--provider",
            metavar="NAME|FILE",
            callback=named,
            help="Only scenarios that this provider can play, played with it.",
        ),
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
    """Load what was selected; raises InputError with all problems, NothingSelected where nothing fits.

    Where a provider is asked for, stories that are for others only are left out.
    """
    from badgateway.scenario.load import load_scenarios

    if not is_bundled:
        declare_here()
    found = load_scenarios(
        paths(selection, is_bundled=is_bundled), words=selection.words, tags=selection.tags
    )
    fitting = _for_provider(found, selection.provider) if selection.provider else found
    return tuple(replace(scenario, path=story_path(scenario.path)) for scenario in fitting)


def plans(
    selection: Selection, *, is_bundled: bool = False, merchants: Sequence[Merchant] = ()
) -> tuple[Plan, ...]:
    """Compile every case of what was selected with every seed, for the merchants of an integration."""
    from badgateway.plan.compile import compile_scenario

    stories = scenarios(selection, is_bundled=is_bundled)
    seeds, wanted = range(selection.seed, selection.seed + selection.seeds), selection.provider
    made = [
        plan
        for story in stories
        for seed in seeds
        for plan in compile_scenario(story, seed, wanted, merchants)
    ]
    if selection.case is None:
        return tuple(made)
    chosen = tuple(plan for plan in made if plan.case == selection.case)
    if not chosen:
        most = max(plan.cases for plan in made)
        raise NothingSelected(f"there is no case {selection.case}: the scenarios have at most {most}")
    return chosen


def spoken(chosen: Sequence[Plan], description: Description) -> tuple[Plan, ...]:
    """Leave out the stories of providers that badgateway.yaml never names, unless nothing else was chosen."""
    from badgateway.integration.launch import providers_of

    named_there = {one.provider for one in description.webhooks}
    if description.start is not None:
        named_there |= providers_of(description.start)
    kept = tuple(plan for plan in chosen if named_there.issuperset(plan.providers))
    if not kept:
        return tuple(chosen)
    if len(kept) < len(chosen):
        others = sorted({name for plan in chosen for name in plan.providers} - named_there)
        left = f"{len(chosen) - len(kept)} of {len(chosen)} cases are left out"
        click.echo(f"{left}: badgateway.yaml does not name {' and '.join(others)}", err=True)
    return kept


def served(chosen: Sequence[Plan], description: Description) -> tuple[Plan, ...]:
    """Leave out the stories that are not those of the merchants of badgateway.yaml, and say why.

    Raises NothingSelected where none is left.
    """
    from badgateway.plan.terms import why_unfit

    told = [(plan, why_unfit(plan, description.in_turn)) for plan in chosen]
    reasons = Counter(why for _, why in told if why)
    said = "; ".join(f"{why} ({count})" for why, count in reasons.most_common())
    if reasons.total() == len(chosen):
        raise NothingSelected(f"none of the {len(chosen)} cases selected can be played: {said}")
    if reasons:
        click.echo(f"{reasons.total()} of {len(chosen)} cases are left out: {said}", err=True)
    return tuple(plan for plan, why in told if not why)


def _for_provider(found: Sequence[Scenario], provider: str) -> Sequence[Scenario]:
    from badgateway.plan.fitting import has_cards, is_for
    from badgateway.providers import DIALECTS

    name = DIALECTS[provider].name
    told = [one for one in found if is_for(one, name)]
    fitting = [one for one in told if has_cards(one, name)]
    if len(fitting) < len(told):
        left = len(told) - len(fitting)
        click.echo(f"{left} of {len(told)} scenarios need a card that {name} does not have", err=True)
    if not fitting:
        raise NothingSelected(f"none of the {len(found)} scenarios selected is for {name}")
    return fitting


def paths(selection: Selection, *, is_bundled: bool = False) -> tuple[str, ...]:
    """Give what was named, else ./scenarios; where there is none, the loader takes the bundled pack."""
    if is_bundled and Path(PACK).is_dir():
        # A user's own folder of that name must not stand in for ours.
        return (artifact_dir(PACK).as_posix(),)
    return selection.paths or (PACK,)


def story_path(path: str) -> str:
    """Give the name by which a scenario is known; chance depends on it, so it is the same on each machine."""
    whole = Path(path).resolve()
    for start, name in ((Path.cwd(), Path()), (artifact_dir(PACK).resolve(), Path(PACK))):
        if whole.is_relative_to(start):
            return (name / whole.relative_to(start)).as_posix()
    return whole.as_posix()
