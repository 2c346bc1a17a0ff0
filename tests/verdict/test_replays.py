"""How often a finding shows: counted, with an interval that holds for few plays."""

import pytest

from badgateway.verdict.replays import counted, no_return, wilson


# Agresti and Coull, Approximate is better than exact (The American Statistician 52, 1998), print such values.
@pytest.mark.parametrize(
    ("hits", "tries", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (5, 10, 0.2366, 0.7634), (1, 4, 0.0456, 0.6994)],
)
def test_wilsons_interval_is_the_published_one(hits, tries, low, high):
    found = wilson(hits, tries)

    assert found == pytest.approx((low, high), abs=5e-5)


def test_nothing_tried_leaves_every_rate_possible():
    assert wilson(0, 0) == (0.0, 1.0)


def test_more_plays_make_the_interval_smaller():
    few, many = wilson(3, 10), wilson(30, 100)

    assert few[0] < many[0] < 0.3 < many[1] < few[1]


@pytest.mark.parametrize(
    ("outcomes", "fingerprints", "is_racy"),
    [
        ([True, True], ["a", "a"], False),
        ([True, True], ["a", "b"], True),
        ([True, False], ["a", "a"], True),
    ],
)
def test_plays_that_differ_in_any_way_are_racy(outcomes, fingerprints, is_racy):
    replays = counted(outcomes, fingerprints)

    assert (replays.plays, replays.broke) == (2, sum(outcomes))
    assert replays.is_racy is is_racy


@pytest.mark.parametrize(
    ("broke", "step"),
    [
        ({2: False}, 30),
        ({2: True, 1: False}, 20),
        ({2: True, 1: True}, 10),
        ({2: True}, None),
        ({}, None),
    ],
)
def test_no_return_is_the_step_that_the_longest_whole_beginning_lacks(broke, step):
    assert no_return([10, 20, 30], broke) == step


def test_a_story_of_one_step_is_lost_with_it():
    assert no_return([1], {}) == 1
