"""The table of rules: which gateway is asked first, and which comes after."""

import pytest

from badgateway.payments.model import Failure
from badgateway.providers.euler.acquirer import DECLINED, UNKNOWN, Charge, Standing
from badgateway.providers.euler.behind import Behind, Gateway, Rule
from badgateway.providers.euler.choosing import choose, moves_on, note

SOFT, HARD = Failure("insufficient_funds"), Failure("lost_card", is_hard=True)


def behind(*rules):
    return Behind([Gateway(name, {}, {}, None) for name in ("stripe", "adyen")], rules)


def charge(amount_minor=4999, currency="EUR", kind="CARD"):
    return Charge("o1", 1, amount_minor, currency, "m1", is_manual=False, texts="o1", kind=kind)


@pytest.mark.parametrize(
    ("rule", "is_preferred"),
    [
        (Rule(prefer="adyen"), True),
        (Rule(prefer="adyen", currency="EUR", at_least_minor=4999, at_most_minor=4999), True),
        (Rule(prefer="adyen", at_least_minor=5000), False),
        (Rule(prefer="adyen", at_most_minor=4998), False),
        (Rule(prefer="adyen", currency="USD"), False),
        (Rule(prefer="adyen", method="UPI"), False),
    ],
)
def test_a_preference_holds_where_all_its_conditions_do(rule, is_preferred):
    wanted = ["adyen", "stripe"] if is_preferred else ["stripe", "adyen"]

    assert choose(behind(rule), charge(), 0) == wanted


def test_a_gateway_rests_after_failures_in_a_row_and_comes_back():
    table = behind(Rule(failures=2, rest_ms=1_000))

    note(table, "stripe", 0, is_there=False, is_good=False)
    once = choose(table, charge(), 0)
    note(table, "stripe", 0, is_there=False, is_good=False)

    assert once == ["stripe", "adyen"]
    assert [choose(table, charge(), at) for at in (0, 999, 1_000)] == [["adyen"], ["adyen"], once]


def test_a_gateway_with_too_few_successes_is_asked_last():
    table = behind(Rule(success_percent=50, of=2))

    note(table, "stripe", 0, is_there=True, is_good=False)
    early = choose(table, charge(), 0)
    note(table, "stripe", 0, is_there=True, is_good=False)

    assert (early, choose(table, charge(), 0)) == (["stripe", "adyen"], ["adyen", "stripe"])


@pytest.mark.parametrize(
    ("following", "standing", "is_onward"),
    [
        ("unknown", Standing(UNKNOWN, "STRIPE", None), True),
        ("declined", Standing(UNKNOWN, "STRIPE", None), False),
        ("declined", Standing(DECLINED, "STRIPE", None, failure=SOFT), True),
        ("declined", Standing(DECLINED, "STRIPE", None, failure=HARD), False),
        ("unknown", Standing(DECLINED, "STRIPE", None, failure=SOFT), False),
        (None, Standing(DECLINED, "STRIPE", None, failure=Failure("gateway_unavailable")), True),
    ],
)
def test_the_next_gateway_is_asked_as_the_rules_say(following, standing, is_onward):
    assert moves_on(behind(Rule(following=following)), standing) is is_onward
