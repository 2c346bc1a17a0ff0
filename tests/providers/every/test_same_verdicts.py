"""Stories for any provider end alike over four of them, with the one reference, and none of them is changed.

Played here is one case of some smoke stories; `badgateway demo --provider NAME` plays the whole library.
"""

from functools import cache

import pytest

from badgateway.cli.playing import collect
from badgateway.cli.selection import Selection, scenarios
from badgateway.cli.target import embedded
from badgateway.plan.compile import compile_scenario
from badgateway.providers import DIALECTS
from badgateway.verdict.model import HELD

# What the provider has no test card for: such stories are left out, and a note says how many.
LACKING = {
    "stripe": set(),
    "adyen": set(),
    "euler": set(),
    "checkout": set(),
}


PLAYED = (
    "disputes/bank_debit_returned_out_of_order",
    "lifecycle/authorize_and_capture",
    "lifecycle/bank_debit_without_funds",
    "lifecycle/declined_then_paid",
    "money/zero_decimal_currency",
    "retries/lost_answer",
    "retries/lost_refund_answer",
    "security/forged_success",
    "webhooks/before_the_reply",
    "webhooks/duplicates",
    "webhooks/success_after_refund",
)


@cache
def for_any():
    """Give the stories that name no provider, and no route of providers."""
    stories = scenarios(Selection(()), is_bundled=True)
    return [one for one in stories if not one.providers and not any(case.world.route for case in one.cases)]


def cards_of(story):
    said = {one.card for case in story.cases for one in (case.world, *case.each_step())}
    return said - {None}


@pytest.mark.parametrize("provider", LACKING)
def test_only_stories_that_need_a_card_that_it_has_not_are_left_out(provider):
    needed = {card for story in for_any() for card in cards_of(story)}

    assert needed - set(DIALECTS[provider].cards) == LACKING[provider]


@pytest.mark.parametrize("provider", LACKING)
def test_the_same_stories_hold(provider, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    wanted = {f"scenarios/{name}.yaml" for name in PLAYED}
    due = [one for one in for_any() if one.path in wanted and not cards_of(one) & LACKING[provider]]
    chosen = [plan for story in due for plan in compile_scenario(story, 1, provider) if plan.case == 1]

    results = collect(chosen, embedded(), workers=2, is_quiet=True)

    states = {one.plan.scenario: one.verdict.state for one in results}
    assert states == dict.fromkeys((story.path for story in due), HELD)
    assert len(due) == len(PLAYED)
