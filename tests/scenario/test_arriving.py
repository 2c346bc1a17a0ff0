"""What is told of the words of a delivery: all of them, in sentences, with examples that can be played."""

import pytest

from badgateway.ground.mutation import KINDS
from badgateway.plan.compile import compile_scenario
from badgateway.scenario.arriving import ARRIVING, MUTATED, SIGNED
from badgateway.scenario.language import DELIVERY, SIGNATURES
from badgateway.scenario.load import read_scenario

STORY = """title: A story
{world}
steps:
  - pay: {{order: o1, amount: 10}}
  - refund: o1
deliveries:
  {written}
"""


def test_every_word_is_told_in_the_order_of_the_language():
    assert tuple(ARRIVING) == tuple(field.name for field in DELIVERY)
    assert tuple(SIGNED) == SIGNATURES
    assert tuple(MUTATED) == KINDS


@pytest.mark.parametrize("word", ARRIVING)
def test_each_is_told_in_sentences(word):
    told = ARRIVING[word]

    assert all(part.endswith(".") for part in (told.in_the_field, told.should_hold))
    assert (told.remedy == "") == (word == "event")
    assert told.remedy == "" or (told.remedy[0].isupper() and told.remedy.endswith("."))


@pytest.mark.parametrize("word", ARRIVING)
def test_each_example_can_be_played(word):
    world = "world: {merchants: [a, b]}" if word == "to" else "world: {currency: EUR}"
    text = STORY.format(world=world, written=ARRIVING[word].written)

    plans = compile_scenario(read_scenario(text, "story.yaml"), 1, "adyen" if word == "batch" else "stripe")

    assert [len(plan.deliveries) for plan in plans] == [1]
    assert f"{word}: " in ARRIVING[word].written
