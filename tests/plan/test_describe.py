"""A plan is told in words: amounts in currency, faults and deliveries in sentences, what the seed chose."""

from pathlib import Path

import pytest

from badgateway.plan.compile import compile_scenario
from badgateway.plan.describe import describe
from badgateway.scenario.language import STEP_KINDS
from badgateway.scenario.load import load_scenarios, read_scenario

PACK = Path(__file__).parents[2] / "scenarios"


def told(steps, more=""):
    text = "title: T\nworld: {currency: EUR}\nsteps:\n" + "".join(f"  - {step}\n" for step in steps) + more
    (plan,) = compile_scenario(read_scenario(text, "f.yaml"), 1)
    return describe(plan)


def test_story_is_numbered_and_in_currency():
    text = told(
        [
            "pay: {order: o1, amount: 49.99, capture: manual}",
            "capture: o1",
            "pay: {order: o1, card: declined}",
        ]
    )

    assert "  1. The shopper pays o1, 49.99 EUR.\n" in text
    assert "  2. The merchant captures everything that is left of o1.\n" in text
    assert "  3. The shopper pays o1 again, 49.99 EUR with card declined.\n" in text


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (
            '{at: "charge[1]", do: close}',
            "At the 1st charge of o1, after the provider has done it, the connection",
        ),
        (
            '{at: "charge[2]", phase: connect, do: hold, for: 3s}',
            "At the 2nd charge of o1, before the provider has",
        ),
        ('{at: "charge[*]", do: hold, for: 3s}', "the answer is held back (for 3s)."),
        (
            '{at: "*", do: reply, status: 503}',
            "At every call, before the provider has done it, another answer",
        ),
        ('{at: "o1.*", do: reset}', "At every call for o1,"),
        (
            '{at: "charge[1]", decide: declined, code: stolen_card}',
            "issuer and gateway decide: declined (code stolen_card).",
        ),
    ],
)
def test_fault_is_a_sentence(fault, sentence):
    assert sentence in told(["pay: o1"], f"faults:\n  - {fault}\n")


@pytest.mark.parametrize(
    ("delivery", "sentence"),
    [
        ("copies: 3, how: at_once", "The 1st payment.succeeded of o1 is delivered, 3 times, at once."),
        ("before: reply", "is delivered, while the provider's answer is held."),
        ("delay: 2h", "is delivered, 2h later."),
        ("lose: true", "The 1st payment.succeeded of o1 is never delivered."),
        ("late: true", "long after everything was quiet."),
        ("signature: none", "A forged 1st payment.succeeded of o1 without a signature is sent."),
        ("signature: stale", "is sent again with its old signature."),
        ("signature: rotated", "The 1st payment.succeeded of o1 is signed with the new and the old secret."),
        ("as: new_id", "2 times, in turn, each copy as another event with an id of its own."),
        ("to: shop_b", "is delivered, and also sent to the endpoint shop_b."),
        ("resend: at_deadline", "and sent again at the provider's deadline, while the first copy"),
        (
            "from: stranger, copies: 6",
            "The account tells 6 times of a payment.succeeded that is somebody else",
        ),
    ],
)
def test_delivery_is_a_sentence(delivery, sentence):
    assert sentence in told(["pay: o1"], f'deliveries:\n  - {{event: "payment.succeeded[1]", {delivery}}}\n')


def test_race_and_acts_are_told():
    acts = ["dispute: {order: o1, result: won}", "refund_from_dashboard: {order: o1, amount: 1}"]

    text = told(["pay: o1", "together: [refund: o1, refund: o1]", *acts, "kill", "restart", "advance: 36h"])

    assert "At the same moment: the merchant refunds everything that is left of o1; the merchant" in text
    assert "the dispute is won." in text
    assert "36h of virtual time pass." in text
    assert "Somebody refunds 1.00 EUR of o1 at the provider's own page." in text


def test_every_plan_of_the_pack_is_told_without_a_leftover():
    texts = [describe(plan) for story in load_scenarios([str(PACK)]) for plan in compile_scenario(story, 1)]

    assert all(text.endswith("\n") and "None" not in text and "{" not in text for text in texts)
    assert all(f"\n  1. {kind} " not in text for text in texts for kind in STEP_KINDS)


def test_settlement_is_told():
    text = told(["pay: o1", "settle: {flaw: missing}", "adjust: {reason: reserve, amount: 5}", "payout"])

    assert "The provider settles what was captured and given back, and its list leaves one line out." in text
    assert "The provider keeps back a reserve of 5.00 EUR." in text
    assert "The provider pays out what is settled." in text


def test_the_account_that_is_settled_is_told():
    steps = "  - pay: o1\n  - settle: {merchant: b}\n  - payout: {merchant: b}\n"
    story = read_scenario(f"title: T\nworld: {{merchants: [a, b]}}\nsteps:\n{steps}", "f.yaml")

    text = describe(compile_scenario(story, 1)[0])

    assert "The provider settles what was captured and given back in the account of b." in text
    assert "The provider pays out what is settled in the account of b." in text


def test_an_order_tells_what_is_in_its_cart():
    story = "title: T\nworld: {cart: mixed}\nsteps:\n  - pay: o1\n"
    (plan,) = compile_scenario(read_scenario(story, "f.yaml"), 1)
    cart = plan.orders[0].cart

    text = describe(plan)

    assert cart is not None
    assert f"{cart.lines[0].quantity} {cart.lines[0].name} at {cart.lines[0].unit_price} plus" in text
    assert f"less {cart.coupon_percent} %" in text


def test_what_is_let_in_and_which_effects_fail_is_told(tmp_path):
    path = tmp_path / "story.yaml"
    path.write_text(
        "title: A story\nworld: {canary: [card, provider]}\nsteps:\n  - pay: o1\n"
        'faults:\n  - {at: "effect:mail[1]", phase: after_commit, do: close}\n',
        encoding="utf-8",
    )
    (scenario,) = load_scenarios([str(path)])

    told = describe(compile_scenario(scenario, 1)[0])

    assert "A made-up card number and its code are typed into the checkout." in told
    assert "At the 1st mail of o1, after the sink has done it, the connection is closed" in told


def test_the_clock_and_what_is_behind_are_told_without_their_options():
    faults = (
        '{at: "*", skew: -6m}',
        '{at: "fetch[1]", lag: 1}',
        '{at: "fetch[2]", lag: 3}',
        '{at: "list[1]", do: lag, page: 1}',
    )

    text = told(["pay: o1"], "faults:\n" + "".join(f"  - {fault}\n" for fault in faults))

    assert "From the first call to the last, the provider's clock is 6m behind." in text
    assert "what was true before is shown: the newest change is not there yet." in text
    assert "the newest 3 changes are not there yet." in text
    assert "At the 1st list of o1, a list comes in pages of 1." in text


def test_a_changed_answer_says_what_is_changed_and_where():
    fault = '{at: "charge[1]", do: mutate, kind: drop_field, field: $.id}'

    text = told(["pay: o1"], f"faults:\n  - {fault}\n")

    assert "the answer comes without a field at $.id (mutate drop_field" in text


def test_whose_order_it_is_is_told_where_there_are_several_merchants():
    (plan,) = compile_scenario(load_scenarios([str(PACK / "tenancy" / "two_merchants.yaml")])[0], 1)

    text = describe(plan)

    assert "captured at once, sold by merchant a" in text
    assert "captured later, sold by merchant b" in text
