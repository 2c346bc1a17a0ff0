"""What replays have shown, in words."""

from types import SimpleNamespace

import pytest

from badgateway.report.repeats import no_return, seen
from badgateway.verdict.model import Replays

STEPS = [
    {"n": 1, "do": "pay", "order": "o1"},
    {"n": 2, "do": "together", "order": None, "members": [{"do": "sync", "order": None}] * 2},
]


def case(step):
    started = SimpleNamespace(kind="run.started", data={"plan": {"steps": STEPS}})
    return SimpleNamespace(verdict=SimpleNamespace(no_return=step), entries=(started,))


def test_plays_that_all_went_the_same_way_need_no_statistics():
    assert seen(Replays(4, 4, 0.51, 1.0, is_racy=False)) == "in 4 of 4 plays, which all went the same way"


def test_racy_plays_are_told_with_the_interval_of_their_rate_and_its_name():
    told = seen(Replays(10, 3, 0.1078, 0.6032, is_racy=True))

    assert told.startswith("in 3 of 10 plays, racy")
    assert told.endswith("11 to 60 % of the time (Wilson, 95 %)")


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (1, "from step 1 on (pay o1), the first one"),
        (
            2,
            "from step 2 on (together: sync, sync); left to come to rest before it, the story ends well",
        ),
        (None, ""),
        (9, ""),
    ],
)
def test_the_point_of_no_return_names_its_step(step, told):
    assert no_return(case(step)) == told
