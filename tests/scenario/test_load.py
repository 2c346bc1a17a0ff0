"""Scenarios are found in files, folders and among the bundled ones, and chosen by words and tags."""

import pytest

from badgateway.errors import InputError, NothingSelected
from badgateway.ground.artifacts import artifact_dir
from badgateway.scenario.load import load_scenarios, read_scenario, read_scenarios

PAY = "title: {title}\ntags: [{tags}]\nsteps:\n  - pay: o1\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine" / "deep").mkdir(parents=True)
    (tmp_path / "mine" / "b.yaml").write_text(PAY.format(title="Late refund", tags="smoke, slow"))
    (tmp_path / "mine" / "deep" / "a.yaml").write_text(PAY.format(title="Lost answer", tags="smoke"))
    (tmp_path / "mine" / "notes.txt").write_text("not a scenario")
    return tmp_path


def paths(found):
    return [scenario.path for scenario in found]


def test_folder_is_searched_through_and_paths_are_kept_as_given(folder):
    assert paths(load_scenarios(["mine"])) == ["mine/b.yaml", "mine/deep/a.yaml"]
    assert paths(load_scenarios(["./mine/deep/a.yaml"])) == ["mine/deep/a.yaml"]


def test_file_named_twice_is_loaded_once(folder):
    assert paths(load_scenarios(["mine/b.yaml", "mine"])) == ["mine/b.yaml", "mine/deep/a.yaml"]


def test_bundled_scenarios_are_found_from_an_empty_folder(folder):
    first = min(artifact_dir("scenarios").rglob("*.yaml"))
    name = f"scenarios/{first.relative_to(artifact_dir('scenarios')).as_posix()}"

    assert paths(load_scenarios([name])) == [name]
    assert name in paths(load_scenarios(["scenarios"]))


@pytest.mark.parametrize(
    ("words", "tags", "expected"),
    [
        ("late", (), ["mine/b.yaml"]),
        ("LOST", (), ["mine/deep/a.yaml"]),
        ("late or lost", (), ["mine/b.yaml", "mine/deep/a.yaml"]),
        ("mine and not late", (), ["mine/deep/a.yaml"]),
        (None, ("smoke",), ["mine/b.yaml", "mine/deep/a.yaml"]),
        (None, ("smoke", "slow"), ["mine/b.yaml"]),
    ],
)
def test_words_and_tags_select(folder, words, tags, expected):
    assert paths(load_scenarios(["mine"], words=words, tags=tags)) == expected


def test_filters_that_match_nothing_say_so(folder):
    with pytest.raises(NothingSelected, match="no scenario of 2 matches -k 'xyz'"):
        load_scenarios(["mine"], words="xyz")
    with pytest.raises(NothingSelected, match="--tag fast; known: slow, smoke"):
        load_scenarios(["mine"], tags=["fast"])


def test_empty_folder_selects_nothing(tmp_path):
    with pytest.raises(NothingSelected, match="no scenario in"):
        load_scenarios([str(tmp_path)])


def test_missing_file_names_the_nearest_one(folder):
    with pytest.raises(InputError, match=r"mine/bb.yaml: no such file or folder; did you mean 'mine/b.yaml'"):
        load_scenarios(["mine/bb.yaml"])


def test_good_files_are_read_beside_bad_ones(folder):
    (folder / "mine" / "bad.yaml").write_text("title: T\n")

    scenarios, problems = read_scenarios(["mine"])

    assert paths(scenarios) == ["mine/b.yaml", "mine/deep/a.yaml"]
    assert [str(one) for one in problems] == [
        "mine/bad.yaml:1:1: 'steps' is missing (add `steps: ...`)",
    ]


def test_matrix_makes_a_case_of_each_combination():
    scenario = read_scenario(
        "title: T\nmatrix: {copies: [2, 5], how: [in_turn, at_once]}\nsteps:\n  - pay: o1\ndeliveries:\n"
        '  - {event: "payment.succeeded[1]", copies: $copies, how: $how}\n',
        "f.yaml",
    )

    assert [(case.n, case.deliveries[0].copies, case.deliveries[0].how) for case in scenario.cases] == [
        (1, 2, "in_turn"),
        (2, 2, "at_once"),
        (3, 5, "in_turn"),
        (4, 5, "at_once"),
    ]
    assert scenario.cases[3].matrix == {"copies": 5, "how": "at_once"}


def test_variable_may_stand_inside_a_word():
    scenario = read_scenario(
        "title: T costs $5\nmatrix: {n: [1, 2]}\nsteps:\n  - pay: o1\n"
        'faults:\n  - {at: "charge[$n]", do: close}\n',
        "f.yaml",
    )

    assert scenario.title == "T costs $5"
    assert [case.faults[0].at.n for case in scenario.cases] == [1, 2]


def test_short_and_long_forms_of_a_step_are_the_same():
    short = read_scenario("title: T\nsteps:\n  - pay: o1\n  - kill\n  - restart\n  - advance: 3d\n", "f.yaml")
    long = read_scenario(
        "title: T\nsteps:\n  - pay: {order: o1}\n  - kill:\n  - restart: {}\n  - advance: {by: 72h}\n",
        "f.yaml",
    )

    assert short.cases[0].steps == long.cases[0].steps
    assert short.cases[0].steps[3].by_ms == 3 * 86_400_000
