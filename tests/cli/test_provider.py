"""Choosing the provider: served by name, and only the stories that it can play."""

import json
from urllib.request import Request, urlopen

import pytest
from tests.cli.test_serve import serving

from badgateway.cli.playing import reproduce_line
from badgateway.cli.selection import Selection, plans, scenarios
from badgateway.errors import NothingSelected, UnknownWord

STORY = """\
title: A purchase
why: The simplest day.
providers: {providers}
steps:
  - pay: {{order: o1, amount: 10}}
"""


@pytest.fixture
def stories(tmp_path):
    """Write one story for any provider and one for Stripe, and give their paths."""
    paths = []
    for name, providers in (("any", "any"), ("stripe", "[stripe]")):
        path = tmp_path / f"{name}.yaml"
        path.write_text(STORY.format(providers=providers))
        paths.append(str(path))
    return tuple(paths)


def test_adyen_is_served_by_its_name(folder):
    with serving(folder, "--provider", "adyen") as (_, variables):
        request = Request(
            f"{variables['ADYEN_URL']}/v71/paymentMethods",
            data=b'{"merchantAccount": "SomebodyElse"}',
            headers={"X-API-Key": "wrong", "Content-Type": "application/json"},
        )
        with pytest.raises(OSError, match="401") as refused:
            urlopen(request, timeout=10)
        body = json.load(refused.value)

    assert set(variables) == {
        "ADYEN_URL",
        "ADYEN_API_KEY",
        "ADYEN_WEBHOOK_SECRET",
        "ADYEN_MERCHANT_ACCOUNT",
        "SETTLEMENT_URL",
    }
    assert body["errorType"] == "security"


def test_an_unknown_provider_gets_the_nearest_one(badgateway):
    result = badgateway("serve", "--provider", "adien")

    assert result.exit_code == 2
    assert "did you mean 'adyen'?" in result.stderr


def test_stories_of_others_are_left_out(stories):
    found = scenarios(Selection(stories, provider="adyen"))

    assert [one.path.rpartition("/")[2] for one in found] == ["any.yaml"]
    assert {plan.provider for plan in plans(Selection(stories, provider="adyen"))} == {"adyen"}
    assert {plan.provider for plan in plans(Selection(stories))} == {"stripe"}


def test_where_no_story_is_left_it_is_told(stories):
    with pytest.raises(NothingSelected, match="is for adyen"):
        scenarios(Selection(stories[1:], provider="adyen"))
    with pytest.raises(UnknownWord):
        scenarios(Selection(stories, provider="adien"))


def test_the_line_to_play_it_again_names_the_provider(stories):
    (plan,) = plans(Selection(stories, provider="adyen"))

    assert "--provider adyen" in reproduce_line(())(plan)
    assert "--provider" not in reproduce_line(())(plans(Selection(stories))[0])
