"""Which scenarios a command plays."""

import pytest

from badgateway.cli.selection import Selection, plans, story_path
from badgateway.errors import InputError, NothingSelected

STORY = """\
title: {title}
why: Because.
matrix: {{how: [close, reset]}}
steps:
  - pay: {{order: o1, amount: 10}}
faults:
  - {{at: "charge[1]", phase: after_commit, do: $how}}
"""


@pytest.fixture
def own(folder):
    """Give the folder a pack of its own."""
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "mine.yaml").write_text(STORY.format(title="Mine"))
    return folder


def test_without_paths_the_own_scenarios_are_taken(own):
    assert {plan.scenario for plan in plans(Selection())} == {"scenarios/mine.yaml"}


def test_without_own_scenarios_the_bundled_ones_are_taken():
    assert "scenarios/retries/lost_answer.yaml" in {plan.scenario for plan in plans(Selection())}


def test_the_demo_takes_the_bundled_ones_even_beside_own_ones(own):
    chosen = {plan.scenario for plan in plans(Selection(), is_bundled=True)}

    assert "scenarios/retries/lost_answer.yaml" in chosen
    assert "scenarios/mine.yaml" not in chosen


def test_a_bundled_scenario_can_be_named_from_anywhere():
    chosen = plans(Selection(("scenarios/retries/lost_answer.yaml",), case=1))

    assert [(plan.scenario, plan.case) for plan in chosen] == [("scenarios/retries/lost_answer.yaml", 1)]


def test_however_a_file_is_named_its_plan_is_the_same(own):
    spellings = ("scenarios/mine.yaml", "./scenarios/mine.yaml", str(own / "scenarios" / "mine.yaml"))

    first, *others = [plans(Selection((spelling,), seed=3)) for spelling in spellings]

    assert others == [first, first]


def test_seeds_count_up_from_the_first(own):
    chosen = plans(Selection(seed=7, seeds=3, case=2))

    assert [plan.seed for plan in chosen] == [7, 8, 9]


def test_a_case_that_no_scenario_has_selects_nothing(own):
    with pytest.raises(NothingSelected, match="no case 9: the scenarios have at most 2"):
        plans(Selection(case=9))


def test_words_that_fit_nothing_select_nothing(own):
    with pytest.raises(NothingSelected):
        plans(Selection(words="no such words"))


def test_a_path_that_is_not_there_is_bad_input(own):
    with pytest.raises(InputError, match=r"mien\.yaml"):
        plans(Selection(("scenarios/mien.yaml",)))


def test_a_path_outside_the_folder_keeps_its_whole_name(folder):
    assert story_path("/elsewhere/x.yaml") == "/elsewhere/x.yaml"
