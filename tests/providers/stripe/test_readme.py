"""The page of the folder says what the code does."""

import re
from pathlib import Path

import badgateway.providers.stripe as folder
from badgateway.providers.stripe import events, payout_events

README = (Path(folder.__file__).parent / "README.md").read_text(encoding="utf-8")
ROWS = [
    line.strip("| ").split(" | ") for line in README.partition("## Webhooks")[2].splitlines() if "|" in line
]


def tables():
    """Give every list of wire events that the code knows."""
    own = [value for name, value in vars(events).items() if name.startswith("_") and name.isupper()]
    return [*(value for value in own if isinstance(value, tuple)), *events._USUAL.values()]


def test_every_wire_event_stands_on_the_page():
    printed = set(re.findall(r"[a-z_]+(?:\.[a-z_]+)+", README))

    assert {kind.type for kinds in tables() for kind in kinds} <= printed


def test_the_bold_one_is_the_primary_one():
    bold = {
        (cell.strip("*"), row[1].strip(" `"))
        for row in ROWS
        for cell in re.findall(r"\*\*[a-z_.]+\*\*", row[-1])
    }
    primary = {kind.type for kinds in tables() for kind in kinds if kind.is_primary} | {payout_events.PRIMARY}
    named = {(kind.type, name) for name, kinds in events._USUAL.items() for kind in kinds if kind.is_primary}

    assert {kind for kind, _ in bold} == primary
    assert named <= bold


def test_the_page_ends_with_its_reasons():
    assert README.split("\n## ")[-1].startswith("Why it is so")
