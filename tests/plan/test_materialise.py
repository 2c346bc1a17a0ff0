"""A plan survives being stored as JSON."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from badgateway.errors import InputError
from badgateway.plan.compile import compile_scenario
from badgateway.plan.materialise import from_data, to_data
from badgateway.scenario.load import load_scenarios, read_scenario

PACK = Path(__file__).parents[2] / "scenarios"
RICH = """
title: Everything at once
why: A plan that uses every record.
tags: [a, b]
providers: any
matrix: {copies: [2]}
world: {currency: EUR, mode: permissive}
steps:
  - pay: {order: o1, amount: 49.99, capture: manual}
  - capture: {order: o1, amount: 20}
  - together: [refund: {order: o1, amount: 5}, refund: o1]
  - advance: 3d
faults:
  - {at: "charge[*]", do: reply, status: 429, retry_after: 2s, headers: {X-Reason: busy}}
  - {at: "charge[2]", decide: pending, then: declined, after: 2d}
deliveries:
  - {event: "payment.succeeded[1]", after: "refund.succeeded[1]", copies: $copies, how: at_once}
  - {event: "stripe:charge.refunded[1]", lose: true}
expect: {order: {o1: PARTIALLY_REFUNDED}, captured: {o1: 20}, refunded: {o1: 5}, broken: [no_overcharge]}
"""


def test_plan_comes_back_from_json_as_it_was():
    (plan,) = compile_scenario(read_scenario(RICH, "f.yaml"), 3)

    stored = json.dumps(to_data(plan))

    assert from_data(json.loads(stored)) == plan
    assert json.dumps(to_data(from_data(json.loads(stored)))) == stored


def test_every_plan_of_the_pack_comes_back():
    plans = [plan for story in load_scenarios([str(PACK)]) for plan in compile_scenario(story, 1)]

    assert plans
    assert [from_data(json.loads(json.dumps(to_data(plan)))) for plan in plans] == plans


@pytest.mark.parametrize(
    "damage", [{"steps": 3}, {"colour": "red"}, {"faults": [{"at": "x"}]}, {"orders": [7]}]
)
def test_damaged_plan_is_refused_in_words(damage):
    (plan,) = compile_scenario(read_scenario(RICH, "f.yaml"), 3)

    with pytest.raises(InputError, match="the stored plan cannot be read"):
        from_data(to_data(plan) | damage)


def test_a_batch_comes_back_with_its_members():
    (plan,) = compile_scenario(read_scenario(RICH, "f.yaml"), 3)
    member = replace(plan.deliveries[0].event, name="payment.failed")
    batched = replace(plan, deliveries=(replace(plan.deliveries[0], batch=(member,)),))

    assert from_data(json.loads(json.dumps(to_data(batched)))) == batched
