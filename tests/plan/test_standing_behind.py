"""Gateways behind a story's provider, and the rules among them, as a story names them."""

import pytest

from badgateway.errors import InputError
from badgateway.plan.compile import compile_scenario
from badgateway.plan.materialise import from_data, to_data
from badgateway.providers.euler.behind import Rule
from badgateway.scenario.load import read_scenario

HEAD = 'title: T\nsteps:\n  - pay: {order: o1, amount: "49.99"}\n'
EULER = f"{HEAD}providers: [euler]\nworld: {{currency: EUR, behind: [stripe, adyen]"


def compiled(text):
    return compile_scenario(read_scenario(text, "f.yaml"), 1)[0]


def test_rules_are_data_in_minor_units_and_come_back_from_a_journal():
    rules = "[{prefer: adyen, from: 100}, {next: unknown}, {failures: 2, rest: 10m}, {success: 50, of: 4}]"

    plan = compiled(f"{EULER}, rules: {rules}}}\n")

    assert plan.behind == ("stripe", "adyen")
    assert plan.rules == (
        Rule(prefer="adyen", at_least_minor=10_000),
        Rule(following="unknown"),
        Rule(failures=2, rest_ms=600_000),
        Rule(success_percent=50, of=4),
    )
    assert from_data(to_data(plan)) == plan


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEAD}providers: [stripe]\nworld: {{behind: [adyen]}}\n", "stripe sends payments on to nobody"),
        (f"{HEAD}providers: [euler]\nworld: {{behind: [adyan]}}\n", "no gateway 'adyan'"),
        (f"{HEAD}providers: [euler]\nworld: {{rules: [{{next: unknown}}]}}\n", "there are none"),
        (f"{EULER}, rules: [{{prefer: square}}]}}\n", "'square' is no gateway of this story"),
        (f"{EULER}, rules: [{{failures: 2}}]}}\n", "'failures' needs 'rest'"),
        (f"{EULER}, rules: [{{next: unknown, from: 1}}]}}\n", "'from' says nothing beside 'next'"),
        (f"{EULER}, rules: [{{from: 1}}]}}\n", "a rule says one of"),
        (f'{EULER}, rules: [{{prefer: adyen, from: "1.234"}}]}}\n', "from: "),
        (f'{EULER}}}\nfaults:\n  - {{at: "euler->stripe charge[1]", do: kill}}\n', "nobody's to kill"),
        (
            f'{HEAD}providers: [euler]\nfaults:\n  - {{at: "euler->stripe charge[1]", do: close}}\n',
            "calls nobody",
        ),
    ],
)
def test_what_cannot_be_is_told(text, said):
    with pytest.raises(InputError, match=said):
        compiled(text)


def test_several_merchants_and_shoppers_who_are_asked_go_with_gateways_behind():
    plan = compiled(f"{EULER}, merchants: [a, b], card: authentication_required}}\n")

    assert (plan.merchants, plan.behind, plan.orders[0].card) == (
        ("a", "b"),
        ("stripe", "adyen"),
        "authentication_required",
    )
