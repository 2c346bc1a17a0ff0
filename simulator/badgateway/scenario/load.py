"""Find scenario files, read them, and tell the problems of all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from badgateway.errors import InputError, NothingSelected, Problem, nearest
from badgateway.ground.artifacts import artifact_dir
from badgateway.ground.yaml12 import SIZE_MAX, read_yaml
from badgateway.scenario.check import to_scenario
from badgateway.scenario.model import Scenario

_BUNDLED = "scenarios"
FILES_MAX = 10_000


def load_scenarios(
    paths: Sequence[str], *, words: str | None = None, tags: Sequence[str] = ()
) -> tuple[Scenario, ...]:
    """Load the scenarios of files and folders, in the order of their paths.

    `words` are matched against path and title ("late and not refund"), `tags` must all be there. Raises
    InputError with the problems of all files, NothingSelected where nothing is left.
    """
    scenarios, problems = read_scenarios(paths)
    if problems:
        raise InputError(problems)
    wanted = [one for one in scenarios if _matches(one, words) and set(tags) <= set(one.tags)]
    if not wanted:
        filters = [f"-k {words!r}"] if words else []
        filters += [f"--tag {tag}" for tag in tags]
        known = nearest("", {tag for one in scenarios for tag in one.tags}) if tags else ""
        what = f"no scenario of {len(scenarios)} matches {' '.join(filters)}{known}" if scenarios else (
            f"no scenario in {', '.join(paths) or 'no path at all'}"
        )  # fmt: skip
        raise NothingSelected(what)
    return tuple(wanted)


def read_scenarios(paths: Sequence[str]) -> tuple[list[Scenario], list[Problem]]:
    """Read what can be read of files and folders, and give the problems of the rest."""
    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    for name, file in _files(paths, problems):
        try:
            scenarios.append(read_scenario(_text(file, name), name))
        except InputError as error:
            problems += error.problems
    return scenarios, problems


def read_scenario(text: str, path: str) -> Scenario:
    """Read one scenario from its text; raises InputError with all its problems."""
    return to_scenario(read_yaml(text, path), path)


def _files(paths: Sequence[str], problems: list[Problem]) -> list[tuple[str, Path]]:
    found: dict[str, Path] = {}
    for given in paths:
        name = Path(given).as_posix()
        place = Path(given)
        if not place.exists() and name.split("/")[0] == _BUNDLED:
            place = artifact_dir(_BUNDLED).joinpath(*name.split("/")[1:])
        if place.is_dir():
            inside = sorted(place.rglob("*.yaml"))[:FILES_MAX]
            found |= {f"{name}/{file.relative_to(place).as_posix()}": file for file in inside}
        elif place.is_file():
            found[name] = place
        else:
            known = [file.as_posix() for file in place.parent.glob("*.yaml")] if place.parent.is_dir() else []
            near = nearest(place.as_posix(), known) if known else ""
            problems.append(Problem(name, 0, 0, f"no such file or folder{near}"))
    return list(found.items())


def _text(file: Path, name: str) -> str:
    try:
        if file.stat().st_size > SIZE_MAX:
            what = f"the file has {file.stat().st_size} bytes, at most {SIZE_MAX} are read"
            raise InputError([Problem(name, 1, 1, what)])
        return file.read_bytes().decode()
    except UnicodeDecodeError as error:
        what = f"byte {error.start} is not UTF-8"
        line = file.read_bytes().count(b"\n", 0, error.start) + 1
        raise InputError([Problem(name, line, 1, what, "save the file as UTF-8")]) from None
    except OSError as error:
        raise InputError([Problem(name, 0, 0, f"cannot be read: {error.strerror}")]) from None


def _matches(scenario: Scenario, words: str | None) -> bool:
    text = f"{scenario.path} {scenario.title}".lower()
    if not words:
        return True
    groups = words.lower().split(" or ")
    return any(all(_holds(part.strip(), text) for part in group.split(" and ")) for group in groups)


def _holds(part: str, text: str) -> bool:
    return part.removeprefix("not ").strip() not in text if part.startswith("not ") else part in text
