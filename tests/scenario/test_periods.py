"""Renewals: each period is an order of its own, and must be one of an order whose method was kept."""

import pytest

from badgateway.errors import InputError
from badgateway.plan.compile import compile_scenario
from badgateway.plan.materialise import from_data, to_data
from badgateway.scenario.load import read_scenario

KEPT = "  - pay: {order: o1, amount: 10, save: true}\n"


def compiled(*steps):
    text = "title: t\nsteps:\n" + KEPT + "".join(f"  - {step}\n" for step in steps)
    return compile_scenario(read_scenario(text, "s.yaml"), 1)[0]


def told(text):
    with pytest.raises(InputError) as caught:
        read_scenario(text, "s.yaml")
    return str(caught.value)


def test_each_renewal_is_an_order_of_its_own_with_the_amount_of_the_first():
    plan = compiled("renew: o1", "renew: {order: o1, amount: 12}")

    shown = [(one.name, one.amount_minor, one.renews, one.period) for one in plan.orders]
    assert shown == [("o1", 1000, None, 1), ("o1_2", 1000, "o1", 2), ("o1_3", 1200, "o1", 3)]


def test_a_period_is_of_the_same_shopper_and_card():
    first, second = compiled("renew: o1").orders

    assert (second.shopper, second.card, second.currency) == (first.shopper, first.card, first.currency)


def test_again_is_the_period_that_was_renewed_last():
    plan = compiled("renew: o1", "renew: {order: o1, again: true}", "renew: o1")

    assert [step.order for step in plan.steps[1:]] == ["o1_2", "o1_2", "o1_3"]


def test_two_jobs_may_race_for_one_period():
    plan = compiled("together: [{renew: o1}, {renew: {order: o1, again: true}}]")

    assert [member.order for member in plan.steps[1].members] == ["o1_2", "o1_2"]


def test_a_plan_with_periods_comes_back_from_its_data_whole():
    plan = compiled("renew: o1")

    assert from_data(to_data(plan)) == plan


@pytest.mark.parametrize(
    ("steps", "what"),
    [
        (["pay: o1", "renew: o1"], "renew without a kept payment method"),
        (["renew: o1"], "renew without a kept payment method"),
        (["pay: {order: o1, save: true}", "renew: {order: o1, again: true}"], "renewed again before"),
        (["pay: {order: o1, save: true}", "pay: o1_2", "renew: o1"], "another order of this story"),
        (["pay: {order: o1, save: true}", "renew: o1", "renew: o1_2"], "renew without a kept payment"),
    ],
)
def test_what_cannot_be_renewed_is_told(steps, what):
    text = "title: t\nsteps:\n" + "".join(f"  - {step}\n" for step in steps)

    assert what in told(text)


def test_only_a_bank_debit_can_be_returned():
    assert "not paid by a bank debit" in told("title: t\nsteps: [{pay: o1}, {return_debit: o1}]\n")
