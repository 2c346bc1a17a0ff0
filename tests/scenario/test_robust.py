"""Whatever stands in a scenario file, the answer is a scenario or a list of problems, never a crash."""

import json
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badgateway.errors import InputError
from badgateway.ground.yaml12 import read_yaml
from badgateway.plan.compile import compile_scenario
from badgateway.plan.describe import describe
from badgateway.plan.materialise import from_data, to_data
from badgateway.scenario.language import (
    DELIVERY,
    EVENTS,
    EXPECT,
    FAULT,
    RULE,
    STATUSES,
    STEP_KINDS,
    STEPS,
    WORLD,
)
from badgateway.scenario.load import read_scenario

PACK = Path(__file__).parents[2] / "scenarios"
QUICK = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow],
)
WORDS = st.sampled_from(
    [
        *(
            *STEP_KINDS,
            *EVENTS,
            "together",
            "o1",
            "o2",
            "charge[1]",
            "o1.refund[*]",
            "*",
            "o2.*",
            "capture[0]",
        ),
        *("stripe:x[1]", "3d", "99999d", "010", "1e3", "$how", "$nope", "", "any", "EUR", "JPY", "close"),
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**20) | WORDS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


@cache
def stories():
    return [read_yaml(file.read_text(), file.name).value for file in sorted(PACK.rglob("*.yaml"))]


@st.composite
def damaged_stories(draw):
    """Give a real story in which some parts are replaced, added or taken away."""
    story = json.loads(json.dumps(draw(st.sampled_from(stories())), default=str))
    for _ in range(draw(st.integers(1, 3))):
        place = story
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(place[key], dict | list) and place[key] and draw(st.booleans()):
                place = place[key]
                continue
            how = draw(st.sampled_from(["replace", "remove", "add"]))
            if how == "replace":
                place[key] = draw(VALUES)
            elif how == "remove":
                del place[key]
            elif isinstance(place, dict):
                place[draw(WORDS)] = draw(VALUES)
            else:
                place.append(draw(VALUES))
            break
    return story


BY_KIND = {
    "order": st.sampled_from(["o1", "o2"]),
    "amount": st.sampled_from(["1", "8.20", 10, 0, "1.234"]),
    "text": st.sampled_from(["approved", "authentication_required", "declined", "pending_then_fails"]),
    "flag": st.booleans(),
    "duration": st.sampled_from(["0s", "3d", "250ms"]),
    "integer": st.integers(1, 3),
    "currency": st.sampled_from(["EUR", "JPY", "KWD"]),
    "selector": st.sampled_from(["charge[1]", "o1.refund[*]", "o2.charge[2]", "*", "o1.*"]),
    "event": st.sampled_from(
        [f"o1.{event}[1]" for event in EVENTS] + ["payment.succeeded[1]", "o2.refund.failed[*]"]
    ),
    "events": st.lists(st.sampled_from(["o1.refund.succeeded[1]", "o1.payment.failed[*]"]), max_size=2),
    "statuses": st.dictionaries(st.sampled_from(["o1", "o2"]), st.sampled_from(STATUSES), max_size=2),
    "amounts": st.dictionaries(st.sampled_from(["o1", "o2"]), st.sampled_from([1, "2.50"]), max_size=2),
    "mutation": st.sampled_from(["thin", "spacing", {"kind": "drop_field", "field": "amount"}]),
    "script": st.sampled_from([["approve"], ["soft", "hard", "later"]]),
    "words": st.sampled_from([[], ["no_overcharge"], ["nope"]]),
}


def filled(fields):
    """Give mappings in which each played field has a value of its kind, or is left out."""
    values = {
        field.name: st.sampled_from(field.choices) if field.kind == "choice" else BY_KIND[field.kind]
        for field in fields
        if field.is_played
    }
    must = {field.name: values.pop(field.name) for field in fields if field.is_required}
    return st.fixed_dictionaries(must, optional=values)


BY_KIND["rules"] = st.lists(filled(RULE), max_size=2)
STEP = st.sampled_from([kind for kind in STEPS if kind.is_played]).flatmap(
    lambda kind: (
        st.just(kind.name) if kind.short is None else filled(kind.fields).map(lambda one: {kind.name: one})
    )
)
SHAPED_STORIES = st.fixed_dictionaries(
    {"title": st.just("T"), "steps": st.lists(STEP, max_size=5).map(lambda steps: [{"pay": "o1"}, *steps])},
    optional={
        "world": filled(WORLD),
        "faults": st.lists(filled(FAULT[:2]).map(lambda one: one | {"do": "close"}), max_size=2),
        "deliveries": st.lists(filled(DELIVERY), max_size=2),
        "expect": filled(EXPECT),
    },
)


def outcome(story, seed):
    # JSON is YAML, so that the story can be written without a YAML writer.
    try:
        return compile_scenario(read_scenario(json.dumps(story), "f.yaml"), seed), ()
    except InputError as error:
        return (), error.problems


@given(damaged_stories() | SHAPED_STORIES, st.integers(0, 10**6))
@QUICK
def test_damaged_or_odd_story_is_compiled_or_refused(story, seed):
    plans, problems = outcome(story, seed)

    assert bool(plans) != bool(problems)
    assert all(one.line > 0 and one.column > 0 and one.what for one in problems)
    assert all(from_data(json.loads(json.dumps(to_data(plan)))) == plan for plan in plans)
    assert all(describe(plan).startswith(plan.title) for plan in plans)


@given(st.text(max_size=60))
@QUICK
def test_any_text_is_read_or_refused(text):
    try:
        document = read_yaml(text, "f.yaml")
    except InputError:
        return

    assert document.mark(()) >= (1, 1)
