"""What merchants agreed to decides which stories are theirs, and fills in what a story leaves open."""

import pytest

from badgateway.errors import InputError
from badgateway.integration.model import Merchant
from badgateway.plan.compile import compile_scenario
from badgateway.plan.terms import why_unfit
from badgateway.scenario.load import read_scenario

PLAIN = "title: T\nsteps:\n  - pay: {order: o1, amount: 10}\n"
OPEN = "title: T\nsteps:\n  - pay: o1\n"
ROUTED = f"world: {{route: [stripe, adyen]}}\n{PLAIN}"
TWO = (
    "title: T\nworld: {merchants: [a, b]}\nsteps:\n"
    "  - pay: {order: o1, merchant: a}\n  - pay: {order: o2, merchant: b}\n"
)
MANUAL = Merchant("slow", capture="manual")


def only(text, *merchants, seed=1, provider=None):
    (plan,) = compile_scenario(read_scenario(text, "f.yaml"), seed, provider, merchants)
    return plan


def why(text, *merchants, provider=None):
    return why_unfit(only(text, *merchants, provider=provider), merchants)


def test_who_agreed_to_nothing_changes_nothing():
    plans = [only(OPEN, *known, seed=seed) for seed in range(20) for known in ((), (Merchant("main"),))]

    assert plans[::2] == plans[1::2]
    assert why(TWO, Merchant("main"), Merchant("second")) == ""


def test_an_open_currency_is_drawn_from_what_the_merchant_takes():
    drawn = {
        only(OPEN, Merchant("m", currencies=("CHF", "JPY")), seed=n).orders[0].currency for n in range(30)
    }

    assert drawn == {"CHF", "JPY"}


def test_what_is_drawn_for_everybody_stays_drawn_where_the_merchant_takes_it():
    seeds = [seed for seed in range(30) if only(OPEN, seed=seed).orders[0].currency in {"EUR", "JPY"}]
    merchant = Merchant("m", currencies=("JPY", "CHF", "EUR"))

    assert seeds
    assert all(only(OPEN, merchant, seed=seed) == only(OPEN, seed=seed) for seed in seeds)


def test_several_merchants_take_what_all_of_them_take():
    merchants = Merchant("m", currencies=("EUR", "JPY", "CHF")), Merchant("n", currencies=("CHF", "KWD"))

    assert {only(TWO, *merchants, seed=seed).orders[0].currency for seed in range(20)} == {"CHF"}


def test_a_stated_amount_is_in_the_merchants_first_currency_with_as_many_decimals():
    assert only(PLAIN, Merchant("m", currencies=("JPY", "GBP", "USD"))).orders[0].currency == "GBP"
    assert only(PLAIN, Merchant("m", currencies=("GBP", "EUR"))).orders[0].currency == "EUR"


def test_a_currency_that_the_merchant_does_not_take_is_told():
    assert why(f"world: {{currency: KWD}}\n{PLAIN}", Merchant("m", currencies=("EUR",))) == (
        "merchant m does not take KWD"
    )
    assert why(PLAIN, Merchant("m", currencies=("JPY",))) == "merchant m does not take EUR"


def test_only_the_merchant_whose_order_it_is_must_take_its_currency():
    story = f"world: {{currency: KWD, merchants: [a, b]}}\n{PLAIN}"

    assert why(story, Merchant("m"), Merchant("n", currencies=("EUR",))) == ""
    assert why(story, Merchant("n", currencies=("EUR",)), Merchant("m")) == "merchant n does not take KWD"


def test_pay_follows_the_merchant_where_the_story_leaves_capture_open():
    assert only(PLAIN, MANUAL).orders[0].capture == "manual"
    assert only(PLAIN, Merchant("quick", capture="automatic")).orders[0].capture == "automatic"
    assert [one.capture for one in only(TWO, Merchant("m"), MANUAL).orders] == ["automatic", "manual"]


def test_a_story_that_says_how_the_money_is_taken_is_only_for_those_who_take_it_so():
    stated = "title: T\nsteps:\n  - pay: {order: o1, capture: %s}\n"

    assert why(stated % "manual", MANUAL) == ""
    assert why(stated % "automatic", MANUAL) == "merchant slow has all its money taken with capture: manual"
    assert why(stated % "manual", Merchant("quick", capture="automatic")) == (
        "merchant quick has all its money taken with capture: automatic"
    )


@pytest.mark.parametrize(
    "more",
    [
        "  - refund: o1\n",
        "  - dispute: o1\n",
        "  - refund_from_dashboard: o1\n",
        "  - settle\n",
        "expect: {order: {o1: PAID}}\n",
        "expect: {captured: {o1: 10}}\n",
        'deliveries: [{event: "payment.succeeded[1]", copies: 2}]\n',
        'faults: [{at: "refund[1]", do: close}]\n',
    ],
)
def test_who_goes_on_as_if_money_were_taken_has_said_that_it_is_taken_at_once(more):
    assert only(PLAIN + more, MANUAL).orders[0].capture == "automatic"
    assert why(PLAIN + more, MANUAL).endswith("capture: manual")


@pytest.mark.parametrize("more", ["  - cancel: o1\n", "expect: {order: {o1: FAILED}}\n"])
def test_who_needs_no_money_to_be_taken_is_played_with_a_hold(more):
    assert only(PLAIN + more, MANUAL).orders[0].capture == "manual"
    assert why(PLAIN + more, MANUAL) == ""


def test_a_story_is_played_where_its_merchant_has_an_account():
    merchant = Merchant("m", providers=("adyen", "euler"))

    assert only(PLAIN, merchant).provider == "adyen"
    assert only("providers: [stripe, euler]\n" + PLAIN, merchant).provider == "euler"
    assert why("providers: [stripe]\n" + PLAIN, merchant) == "merchant m has no account at stripe"
    assert why(PLAIN, merchant, provider="stripe") == "merchant m has no account at stripe"
    assert why(ROUTED, merchant) == "merchant m has no account at stripe"


def test_a_route_is_played_in_the_order_in_which_its_merchant_asks():
    told = "merchant m asks adyen, stripe in this order, the story another"

    assert why(ROUTED, Merchant("m", routing=("adyen", "stripe"))) == told
    assert why(ROUTED, Merchant("m", routing=("stripe", "euler", "adyen"))) == ""
    assert only(PLAIN, Merchant("m", providers=("stripe", "adyen"), routing=("adyen",))).provider == "adyen"


def test_a_provider_that_is_unknown_stays_unknown_whoever_the_merchant_is():
    with pytest.raises(InputError, match="unknown provider 'strype'"):
        only(PLAIN, Merchant("m", providers=("adyen",)), provider="strype")
