"""Which stories share a running integration, and what is said of those that do not."""

from dataclasses import replace

import pytest

from badgateway.integration.model import RequestTemplate
from badgateway.plan.model import PlannedLoad, Step
from badgateway.play.alone import why_alone, why_nameless


def described(lab, sync="/sync?reference={order.reference}", **declares):
    description = lab.describe("sync")
    operations = {**description.operations, "sync": RequestTemplate("POST", sync)}
    return replace(description, operations=operations, declares=replace(description.declares, **declares))


def test_an_ordinary_story_may_be_played_beside_others(lab):
    plan = lab.a_plan(
        steps=(Step(1, "pay", "o1"), Step(2, "refund", "o1")),
        faults=(lab.fault("o1.charge[1]", "after_commit", "close"),),
    )

    assert why_alone(plan, described(lab)) == ""


@pytest.mark.parametrize(
    ("do", "why"),
    [
        ("kill", "kills the integration"),
        ("restart", "starts the integration again"),
        ("deploy", "another version"),
        ("advance", "lets time pass"),
        ("settle", "payouts belong to no order"),
    ],
)
def test_what_is_everybodys_is_touched_alone(lab, do, why):
    assert why in why_alone(lab.a_plan(steps=(Step(1, "pay", "o1"), Step(2, do))), described(lab))


def test_a_step_within_a_race_counts_as_well(lab):
    race = Step(1, "together", members=(Step(1, "pay", "o1"), Step(1, "advance")))

    assert why_alone(lab.a_plan(steps=(race,)), described(lab)) == "it lets time pass"


@pytest.mark.parametrize(("at", "why"), [("*", "strikes every call"), ("list[1]", "strikes a list")])
def test_a_fault_that_cannot_tell_stories_apart_strikes_alone(lab, at, why):
    plan = lab.a_plan(faults=(lab.fault(at, "before_commit", "reply"),))

    assert why in why_alone(plan, described(lab))


def test_what_is_asked_while_a_call_is_held_is_asked_alone(lab):
    load = PlannedLoad(1, ("view",), lab.selector("o1.charge[1]"), "o1", 3)

    assert "while a call is held" in why_alone(lab.a_plan(load=(load,)), described(lab))


def test_calls_that_fail_again_and_again_would_open_the_breaker_for_all(lab):
    plan = lab.a_plan(faults=(lab.fault("o1.charge[*]", "before_commit", "close"),))

    assert why_alone(plan, described(lab)) == ""
    assert "breaker" in why_alone(plan, described(lab, breaker_failures=5))


def test_a_sync_that_names_no_order_looks_at_those_of_every_story(lab):
    assert "names no order" in why_alone(lab.a_plan(), described(lab, sync="/sync"))


def test_calls_that_carry_no_reference_cannot_be_told_apart(lab):
    world = lab.a_world()
    lab.ask_now(world, lab.pay(world))
    other = lab.a_world()
    lab.ask_now(other, lab.request("GET", "/v1/customers"))

    assert why_nameless(world.journal.entries) == ""
    assert "no order reference" in why_nameless(other.journal.entries)
    assert why_nameless(()) == ""
