"""A plan in words, and the words themselves."""

import pytest

from badgateway.cli.catalogues import CATALOGUES, NAMES
from badgateway.invariants import INVARIANTS


def test_each_case_of_a_scenario_is_told(badgateway):
    result = badgateway("explain", "scenarios/retries/lost_answer.yaml")

    assert (result.exit_code, result.stderr) == (0, "")
    assert "close" in result.stdout
    assert "reset" in result.stdout


def test_one_case_can_be_told_alone(badgateway):
    result = badgateway("explain", "scenarios/retries/lost_answer.yaml", "--case", "2")

    assert "reset" in result.stdout
    assert "close" not in result.stdout


def test_the_same_seed_tells_the_same_story(badgateway):
    first, again, other = (
        badgateway("explain", "scenarios/retries/lost_answer.yaml", "--seed", seed).stdout
        for seed in ("7", "7", "8")
    )

    assert first == again
    assert first != other


@pytest.mark.parametrize("kind", ["steps", "faults", "deliveries", "invariants", "defects", "providers"])
def test_every_word_that_is_listed_is_explained(badgateway, kind):
    words = [line.split()[0] for line in badgateway("list", kind).stdout.splitlines()]

    results = [badgateway("explain", word) for word in (words[0], words[-1])]

    assert [result.exit_code for result in results] == [0, 0]
    assert all(word in result.stdout for word, result in zip((words[0], words[-1]), results, strict=True))


def test_the_names_of_each_kind_are_those_of_its_rows():
    """By them a word is looked up, so that only the rows of its kinds are made."""
    for kind, names in NAMES.items():
        rows = CATALOGUES[kind]()
        codes = [row.details["code"] for row in rows if kind == "invariants"]
        assert sorted(names()) == sorted([*codes, *(row.name for row in rows)])


def test_no_defect_is_called_as_another_part():
    others = {name for names in NAMES.values() for name in names()}

    assert others.isdisjoint(row.name for row in CATALOGUES["defects"]())


def test_a_word_with_two_meanings_is_explained_twice(badgateway):
    told = badgateway("explain", "kill").stdout

    assert told.startswith("step kill\n")
    assert "\nfault kill\n" in told


def test_a_law_is_found_by_its_code_and_says_what_to_do(badgateway):
    by_code, by_name = badgateway("explain", "R3").stdout, badgateway("explain", "honest_ambiguity").stdout

    assert by_code == by_name
    assert INVARIANTS["honest_ambiguity"].remedy in by_code
    assert "defect" not in by_code


def test_a_delivery_says_what_its_words_mean_and_where_they_stand(badgateway):
    told = badgateway("explain", "signature").stdout

    assert "stale: a genuine event once more, with a signature that is an hour old" in told
    assert "stories: scenarios/security/" in told
    assert "remedy: Verify the signature" in told


def test_a_fault_says_what_its_phases_are(badgateway):
    told = badgateway("explain", "hold").stdout

    assert "after_commit: the provider has done it, and the answer suffers" in told


def test_a_misspelt_word_gets_the_nearest_one(badgateway):
    result = badgateway("explain", "trickel")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "unknown word 'trickel'; did you mean 'trickle'?" in result.stderr


def test_a_file_that_is_not_there_is_called_so(badgateway):
    result = badgateway("explain", "scenarios/nothing.yaml")

    assert result.exit_code == 2
    assert "no such file or folder" in result.stderr
