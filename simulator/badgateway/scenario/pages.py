"""The pages of the pack: what each story tells and what strikes in it, made of the scenario files themselves.

Head and end of a page are written by hand; what stands between the two markers is made here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from badgateway.errors import InputError, Problem
from badgateway.ground.artifacts import artifact_dir
from badgateway.scenario.language import STEP_KINDS
from badgateway.scenario.load import read_scenario
from badgateway.scenario.model import Scenario

BEGIN, END = "<!-- made by scenario/pages.py -->", "<!-- end -->"
WHY = "## Why it is so"
_PAGE = "README.md"
_PARTIES = ("provider", "operator")  # their steps strike; those of shopper and merchant are the story


def pages(pack: Path) -> dict[Path, str]:
    """Give the text that each page of a pack should have: one for the pack, one for each of its folders.

    Raises InputError for a story that cannot be read and for a page without its markers.
    """
    groups = {folder: _stories(folder) for folder in sorted(pack.iterdir()) if folder.is_dir()}
    groups = {folder: stories for folder, stories in groups.items() if stories}
    made = {pack / _PAGE: _renewed(pack / _PAGE, _overview(groups))}
    for folder, stories in groups.items():
        made[folder / _PAGE] = _renewed(folder / _PAGE, "\n".join(map(_story, stories)))
    return made


def write_pages() -> list[Path]:
    """Bring the pages of the bundled pack up to date; give those that were not."""
    stale = [
        (path, text)
        for path, text in pages(artifact_dir("scenarios")).items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    for path, text in stale:
        path.write_text(text, encoding="utf-8")
    return [path for path, _ in stale]


def _stories(folder: Path) -> list[Scenario]:
    return [
        read_scenario(file.read_text(encoding="utf-8"), file.as_posix())
        for file in sorted(folder.glob("*.yaml"))
    ]


def _renewed(path: Path, made: str) -> str:
    """Put what is made between the markers of a page; a page that is not there yet begins as a skeleton."""
    skeleton = f"# {path.parent.name}\n\n{BEGIN}\n{END}\n\n{WHY}\n"
    before, begin, rest = (path.read_text(encoding="utf-8") if path.is_file() else skeleton).partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        place = path.as_posix()
        raise InputError([Problem(place, 0, 0, "has no place for the stories", f"add {BEGIN} and {END}")])
    return f"{before}{BEGIN}\n{made}{END}{after}"


def _overview(groups: Mapping[Path, list[Scenario]]) -> str:
    lines = ["| folder | stories | cases | of these stories tagged |", "|---|---|---|---|"]
    for folder, stories in groups.items():
        tags = Counter(tag for story in stories for tag in story.tags)
        told = ", ".join(f"{tag} {count}" for tag, count in sorted(tags.items()))
        cases = sum(len(story.cases) for story in stories)
        lines.append(f"| [{folder.name}]({folder.name}/{_PAGE}) | {len(stories)} | {cases} | {told} |")
    return "\n".join(lines) + "\n"


def _story(story: Scenario) -> str:
    marks = [f"`{tag}`" for tag in story.tags]
    marks += [f"{len(story.cases)} cases"] if len(story.cases) > 1 else []
    strikes = "; ".join(_strikes(story.document.value)) or "nothing"
    lines = [
        f"**[{story.title}]({Path(story.path).name})**{' · '.join(['', *marks])}",
        story.why,
        f"*Strikes:* {strikes}.",
    ]
    return "\\\n".join(lines) + "\n"


def _strikes(story: Mapping[str, Any]) -> Iterator[str]:
    """Name everything in a story that is not a good day, in the words of the language."""
    world = story.get("world", {})
    if world.get("card", "approved") != "approved":
        yield f"card `{world['card']}`"
    if world.get("currency", "EUR") != "EUR":
        yield f"currency `{world['currency']}`"
    if world.get("mode") == "permissive":
        yield "a permissive provider"
    for step in story["steps"]:
        yield from _step(step)
    for fault in story.get("faults", ()):
        yield _named(fault, ("do", "decide", "lag", "skew"), f" at `{fault['at']}`", skipped="at")
    for delivery in story.get("deliveries", ()):
        yield _named(delivery, ("event",), "")
    matrix = [f"`{name}` one of {_told(values)}" for name, values in story.get("matrix", {}).items()]
    if matrix:
        yield f"with {', '.join(matrix)}"


def _step(step: Any) -> Iterator[str]:
    name = _name_of(step)
    given = None if isinstance(step, str) else step[name]
    fields = given if isinstance(given, dict) else {}
    if name == "together":
        often = f", {fields['repeat']} times" if fields else ""
        raced = fields["steps"] if fields else given or ()
        yield f"{name}{often}: {', '.join(f'`{_name_of(member)}`' for member in raced)}"
    elif STEP_KINDS[name].who in _PARTIES:
        yield f"`{name}`" + (f" {fields['result']}" if "result" in fields else "")
    elif fields.get("forged"):
        yield f"a forged `{name}`"
    elif name == "authenticate" and fields.get("result") == "failed":
        yield "a challenge that fails"
    elif fields.get("card", "approved") != "approved":
        yield f"card `{fields['card']}`"


def _name_of(step: Any) -> str:
    return step if isinstance(step, str) else str(next(iter(step)))


def _named(part: Mapping[str, Any], heads: Iterable[str], place: str, skipped: str = "") -> str:
    """Tell a fault or a delivery: its name, its place, and its other fields as they were written."""
    head = next(name for name in heads if name in part)
    others = [f"{name} {_told(value)}" for name, value in part.items() if name not in {head, skipped}]
    return f"`{part[head]}`{place}" + (f" ({', '.join(others)})" if others else "")


def _told(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_told, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_told(part)}" for name, part in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    write_pages()
