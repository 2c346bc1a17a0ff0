"""Compiling resolves every name and makes every choice, and gives the same plan for the same arguments."""

from pathlib import Path

import pytest

from badgateway.errors import InputError
from badgateway.ground.money import exponent
from badgateway.plan.cart import total_minor
from badgateway.plan.compile import compile_scenario
from badgateway.plan.draw import CURRENCIES, least_minor
from badgateway.plan.model import Selector
from badgateway.scenario.load import load_scenarios, read_scenario

PACK = Path(__file__).parents[2] / "scenarios"
HEAD = "title: T\nsteps:\n  - pay: {order: o1, amount: 10}\n"
OPEN = "title: T\nsteps:\n  - pay: o1\n  - refund: o1\n"


def compiled(text, seed=1, **more):
    return compile_scenario(read_scenario(text, "f.yaml"), seed, **more)


def only(text, seed=1):
    (plan,) = compiled(text, seed)
    return plan


def test_same_arguments_give_the_same_plans():
    first, second = (
        [plan for story in load_scenarios([str(PACK)]) for plan in compile_scenario(story, 7)]
        for _ in range(2)
    )

    assert first
    assert first == second


def test_one_plan_for_each_case_with_the_values_of_its_matrix():
    plans = compiled(
        "title: T\nmatrix: {amount: [8.20, 10], how: [close, reset]}\n"
        "steps:\n  - pay: {order: o1, amount: $amount}\n"
        'faults:\n  - {at: "charge[1]", do: $how}\n'
    )

    assert [(plan.case, plan.cases, plan.orders[0].amount_minor, plan.faults[0].do) for plan in plans] == [
        (1, 4, 820, "close"),
        (2, 4, 820, "reset"),
        (3, 4, 1000, "close"),
        (4, 4, 1000, "reset"),
    ]
    assert plans[0].matrix == {"amount": "8.20", "how": "close"}


def test_stated_amount_is_in_euros_unless_the_world_says_otherwise():
    assert {only(HEAD, seed).orders[0].currency for seed in range(20)} == {"EUR"}
    assert only(f"world: {{currency: JPY}}\n{HEAD}").orders[0].amount_minor == 10
    assert only(f"world: {{currency: KWD}}\n{HEAD}").orders[0].amount_minor == 10_000


def test_seeds_walk_through_all_currency_classes_with_amounts_that_providers_take():
    orders = [only(OPEN, seed).orders[0] for seed in range(60)]

    assert {order.currency for order in orders} == {code for codes in CURRENCIES for code in codes}
    assert all(order.amount_minor >= least_minor(order.currency) for order in orders)
    assert all(order.amount_minor % 10 == 0 for order in orders if exponent(order.currency) == 3)
    assert len({order.amount_minor for order in orders}) > 20


def test_drawn_amount_covers_what_the_story_gives_back():
    refunds = "".join(f"  - refund: {{order: o1, amount: {amount}}}\n" for amount in (700, 90))
    text = f"title: T\nsteps:\n  - pay: o1\n{refunds}"

    assert all(only(text, seed).orders[0].amount_minor >= 79_000 for seed in range(20))


def test_left_out_amount_is_everything_for_a_refund_and_the_order_for_a_pay():
    pay, refund = only(OPEN).steps

    assert refund.amount_minor is None
    assert pay.amount_minor == only(OPEN).orders[0].amount_minor


def test_consecutive_seeds_play_consecutive_interleavings():
    first = only(OPEN, 0).interleaving

    assert [only(OPEN, seed).interleaving for seed in range(5)] == [first + n for n in range(5)]


def test_shopper_is_drawn_with_an_address_that_reaches_nobody():
    shoppers = [only(OPEN, seed).orders[0].shopper for seed in range(20)]

    assert all(shopper["email"].split("@")[1].startswith("example.") for shopper in shoppers)
    assert all(shopper["email"].isascii() and " " in shopper["name"] for shopper in shoppers)
    assert len({shopper["name"] for shopper in shoppers}) > 15


def test_draw_for_a_second_order_shifts_none_of_the_first():
    alone = only("title: T\nsteps:\n  - pay: o1\n")
    both = only("title: T\nsteps:\n  - pay: o1\n  - pay: o2\n")

    assert both.orders[0] == alone.orders[0]
    assert both.orders[1].shopper != alone.orders[0].shopper


def test_selectors_name_the_only_order():
    plan = only(HEAD + 'faults:\n  - {at: "charge[2]", do: close}\n  - {at: "*", do: reset}\n')

    assert [fault.at for fault in plan.faults] == [Selector("charge", 2, "o1"), Selector("*", None, None)]
    assert str(plan.faults[0].at) == "o1.charge[2]"


def test_fault_gets_its_default_phase_and_durations_in_milliseconds():
    hold, reply = only(
        HEAD + 'faults:\n  - {at: "charge[1]", do: hold, for: 3s}\n'
        '  - {at: "charge[2]", phase: connect, do: reply, status: 429, retry_after: 1m, headers: {X-A: 1}}\n'
    ).faults

    assert (hold.phase, hold.values, hold.line) == ("after_commit", {"for": 3000}, 5)
    assert reply.phase == "connect"
    assert reply.values == {"status": 429, "retry_after": 60_000, "headers": {"X-A": "1"}}


def test_decision_is_a_fault_before_the_commit():
    (fault,) = only(HEAD + 'faults: [{at: "charge[1]", decide: declined, code: insufficient_funds}]').faults

    assert (fault.do, fault.phase) == ("decide", "before_commit")
    assert fault.values == {"outcome": "declined", "code": "insufficient_funds"}


def test_delivery_keeps_what_it_was_told():
    (delivery,) = only(
        OPEN
        + 'deliveries: [{event: "payment.succeeded[1]", after: "refund.succeeded[1]", copies: 2, delay: 1h}]'
    ).deliveries

    assert delivery.event == Selector("payment.succeeded", 1, "o1")
    assert delivery.after == Selector("refund.succeeded", 1, "o1")
    assert (delivery.copies, delivery.delay_ms, delivery.signature, delivery.before) == (
        2,
        3_600_000,
        "ok",
        None,
    )


def test_together_keeps_its_members_and_makes_the_plan_a_race():
    plan = only("title: T\nsteps:\n  - pay: o1\n  - together: [refund: o1, refund: {order: o1}]\n")

    assert [(step.n, step.do, len(step.members)) for step in plan.steps] == [
        (1, "pay", 0),
        (2, "together", 2),
    ]
    assert {member.n for member in plan.steps[1].members} == {2}
    assert plan.is_racing


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ('faults: [{at: "charge[1]", phase: connect, decide: declined}]', "does not strike at 'connect'"),
        ('faults: [{at: "charge[1]", do: hold, for: 3}]', "expected a duration"),
        ('faults: [{at: "charge[1]", do: hold, for: 0ms}]', "at least 1 ms"),
        ('faults: [{at: "charge[1]", do: reply, status: 42}]', "at least 200"),
        ('faults: [{at: "charge[1]", do: reply, body: 42}]', "quote it"),
        ('faults: [{at: "charge[1]", do: reply, headers: x}]', "expected a mapping"),
        ('faults: [{at: "charge[1]", do: close, code: x}]', "unknown option 'code' of 'close'"),
        ('faults: [{at: "charge[1]", decide: action, then: perhaps}]', "known: approved, declined"),
        ('faults: [{at: "charge[1]", decide: approved, then: declined}]', "goes with action or pending"),
        ('faults: [{at: "*", do: close}, {at: "*", do: reset}]', "strikes where fault 1 strikes already"),
        ("expect: {broken: [no_overchrage]}", "did you mean 'no_overcharge'"),
        ("providers: [strip]", "unknown provider 'strip'"),
        ('deliveries: [{event: "strip:x.y[1]", copies: 2}]', "unknown provider 'strip'"),
        (
            'deliveries: [{event: "payment.succeeded[1]", batch: ["payment.failed[1]"]}]',
            "stripe sends one event in each request; `batch` is for: ",
        ),
    ],
)
def test_unknown_name_is_refused_with_its_place(more, reason):
    with pytest.raises(InputError, match=reason) as caught:
        compiled(HEAD + more)

    assert all(one.line in {4, 5} for one in caught.value.problems)


def test_story_is_refused_for_a_provider_that_it_does_not_name():
    assert only(HEAD).provider == "stripe"
    assert compiled(HEAD, provider="stripe")[0].provider == "stripe"
    with pytest.raises(InputError, match="unknown provider 'adyenn'"):
        compiled(HEAD, provider="adyenn")


RAISED = """title: T
steps:
  - pay: {order: o1, capture: manual}
  - increment: {order: o1, amount: 20}
  - capture: {order: o1, amount: 30}
"""


def test_a_raised_hold_is_told_at_the_checkout_and_is_no_part_of_the_price():
    plans = [only(RAISED, seed) for seed in range(1, 20)]

    assert {(one.steps[1].amount_minor, one.orders[0].is_raised) for one in plans} == {(2_000, True)}
    assert {one.orders[0].amount_minor for one in plans} == {
        only(RAISED.replace("  - increment: {order: o1, amount: 20}\n", ""), one.seed).orders[0].amount_minor
        for one in plans
    }


@pytest.mark.parametrize("provider", ["euler", "checkout", "razorpay"])
def test_a_provider_that_raises_no_hold_is_refused_by_name(provider):
    with pytest.raises(InputError, match=f"{provider} cannot raise a hold; `increment` is for: ") as caught:
        compiled(RAISED, provider=provider)

    assert [one.line for one in caught.value.problems] == [4]


def test_a_cart_makes_the_price_and_covers_what_goes_back():
    story = "title: T\nworld: {cart: mixed}\nsteps:\n  - pay: o1\n  - refund: {order: o1, amount: 30}\n"

    orders = [only(story, seed).orders[0] for seed in range(1, 20)]

    assert all(one.cart is not None and total_minor(one.cart, "EUR") == one.amount_minor for one in orders)
    assert min(one.amount_minor for one in orders) >= 3_000
    assert len({one.cart for one in orders}) > 10


def test_settlement_steps_keep_their_words_and_their_currency():
    plan = only(
        "title: T\nworld: {currency: HUF, base_currency: EUR}\nsteps:\n  - pay: o1\n"
        "  - settle: {flaw: late}\n  - adjust: {reason: reserve, amount: 5}\n  - payout\n"
    )

    _, settled, adjusted, _ = plan.steps

    assert plan.base_currency == "EUR"
    assert (settled.flaw, settled.currency) == ("late", None)
    assert (adjusted.reason, adjusted.amount_minor, adjusted.currency) == ("reserve", 500, "HUF")


def test_settlement_steps_keep_the_merchant_that_they_name():
    plan = only(
        "title: T\nworld: {merchants: [a, b]}\nsteps:\n  - pay: {order: o1, merchant: b}\n"
        "  - settle: {merchant: b}\n  - adjust: {merchant: b, reason: charge, amount: 5}\n  - payout\n"
    )

    assert [step.merchant for step in plan.steps] == [None, "b", "b", None]


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ("world: {canary: [crad]}", "unknown canary 'crad'; did you mean 'card'?"),
        ("world: {canary: [card], card: do_not_honor}", "a typed card is approved"),
        (
            'faults: [{at: "effect:mail[1]", decide: declined}]',
            "'decide' is for calls to a provider, not for an effect",
        ),
    ],
)
def test_what_is_wrong_with_canaries_and_effects_is_said(tmp_path, more, problem):
    path = tmp_path / "story.yaml"
    path.write_text(f"title: A story\nsteps:\n  - pay: o1\n{more}\n", encoding="utf-8")
    (scenario,) = load_scenarios([str(path)])

    with pytest.raises(InputError) as told:
        compile_scenario(scenario, 1)

    assert problem in str(told.value)


ROUTE = "world: {route: [stripe, adyen]}\n"


def test_a_route_is_planned_with_its_first_provider_as_the_storys():
    plan = only(HEAD + ROUTE + 'faults:\n  - {at: "adyen:charge[1]", do: close}\n')

    assert (plan.provider, plan.route, plan.providers) == ("stripe", ("stripe", "adyen"), ("stripe", "adyen"))
    assert plan.faults[0].at == Selector("charge", 1, "o1", "adyen")
    assert str(plan.faults[0].at) == "o1.adyen:charge[1]"
    assert str(Selector("capture", 1, "o1", "stripe", "euler")) == "o1.euler->stripe:capture[1]"


def test_no_provider_that_is_asked_for_changes_a_route():
    (plan,) = compiled(HEAD + ROUTE, provider="stripe")

    assert plan.route == ("stripe", "adyen")
    with pytest.raises(InputError, match="for the route stripe, adyen, not for adyen"):
        compiled(HEAD + ROUTE, provider="adyen")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("world: {route: [stripe, adyan]}\n", "did you mean 'adyen'"),
        ("world: {route: [stripe]}\n", "two providers or more"),
        ("providers: any\nworld: {route: [stripe, adyen]}\n", None),
        ("providers: [stripe]\nworld: {route: [stripe, adyen]}\n", "leave `providers` out"),
        (ROUTE + 'faults:\n  - {at: "square:charge[1]", do: close}\n', "its route is stripe, adyen"),
        (ROUTE + 'faults:\n  - {at: "adyan:charge[1]", do: close}\n', "unknown provider 'adyan'"),
        ('faults:\n  - {at: "adyen:charge[1]", do: close}\n', "the story's provider is stripe"),
        (ROUTE + 'faults:\n  - {at: "euler->adyen charge[1]", do: close}\n', None),
    ],
)
def test_a_route_and_what_names_its_providers_are_checked(more, said):
    if said is None:
        assert compiled(HEAD + more)
        return
    with pytest.raises(InputError, match=said):
        compiled(HEAD + more)


def test_a_mutation_aims_with_the_words_of_the_provider_that_it_names():
    text = (
        HEAD
        + ROUTE
        + 'deliveries:\n  - {event: "%spayment.succeeded[1]", mutate: {kind: drop_field, field: id}}\n'
    )

    places = [only(text % head).deliveries[0].mutate["field"] for head in ("stripe:", "adyen:")]

    assert places[0] != places[1]


def test_a_step_settles_at_a_provider_of_the_story():
    story = "title: T\nworld: {route: [stripe, adyen]}\nsteps:\n  - pay: o1\n  - settle: {provider: %s}\n"

    assert compiled(story % "adyen")[0].steps[1].provider == "adyen"
    with pytest.raises(
        InputError, match=r"5:24: .*'adyne' is no provider of this story; did you mean 'adyen'"
    ):
        compiled(story % "adyne")
