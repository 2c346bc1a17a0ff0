"""The catalogue is whole: file = class = name, each with claim, statement, remedy and test."""

import re
from pathlib import Path

import pytest

from badgateway import invariants
from badgateway.invariants import INVARIANTS

FAMILIES = "MERHCTK"  # money, events, requests, hygiene, the shopper, telemetry, contracts
FOLDER = Path(invariants.__file__).parent


def test_the_catalogue_names_every_code_once_and_in_order():
    codes = [law.code for law in INVARIANTS]

    assert codes == sorted(set(codes), key=lambda code: (FAMILIES.index(code[0]), int(code[1:])))


def test_every_file_of_the_folder_is_in_the_catalogue():
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__", "base"}

    assert files == set(INVARIANTS.names())


@pytest.mark.parametrize("law", INVARIANTS, ids=lambda law: law.name)
def test_a_law_is_named_claims_explains_and_helps(law):
    readme = (FOLDER / "README.md").read_text()

    assert type(law).__name__ == "".join(word.capitalize() for word in law.name.split("_"))
    assert law.claim
    assert f"{law.code}. " in (type(law).__doc__ or "")
    assert len(re.findall(r"[.!?](?: |$)", law.remedy)) in {2, 3}
    assert law.remedy.endswith(".")
    assert law.when in {"always", "at rest"}
    assert f"`{law.name}`" in readme
    assert (Path(__file__).parent / f"test_{law.name}.py").exists()


@pytest.mark.parametrize("law", INVARIANTS, ids=lambda law: law.name)
def test_a_law_holds_or_is_not_tested_on_a_good_day(law, good_day):
    assert good_day.state(law.name) in {"held", "vacuous"}


@pytest.mark.parametrize("law", INVARIANTS, ids=lambda law: law.name)
def test_a_law_finds_nothing_in_a_story_in_which_nothing_happens(law, story):
    assert story().rest().state(law.name) == "vacuous"
