"""Merchants in badgateway.yaml: what they are called, their accounts, and where their webhooks go."""

from dataclasses import replace
from pathlib import Path

import pytest

from badgateway.errors import InputError
from badgateway.integration.launch import fill_start, start_values
from badgateway.integration.model import Merchant
from badgateway.integration.process import RunningIntegration
from badgateway.integration.read import read_description

FILE = """\
name: shop
base_url: "http://127.0.0.1:9"
operations:
  pay: {request: "POST /{order.merchant}/orders"}
  view: {request: "GET /orders/{order.id}"}
view: {status: $.status}
statuses: {paid: PAID}
merchants:
  main: {}
  second: {mode: live, through: main}
webhooks:
  stripe: {path: "/hooks/{merchant}"}
"""


def described(folder, text=FILE):
    path = folder / "badgateway.yaml"
    path.write_text(text, encoding="utf-8")
    return read_description(path)


def test_merchants_are_read_in_their_order(tmp_path):
    assert described(tmp_path).merchants == (
        Merchant("main"),
        Merchant("second", is_live=True, through="main"),
    )


def test_without_merchants_nothing_can_be_said_of_them(tmp_path):
    alone = FILE.replace("merchants:\n  main: {}\n  second: {mode: live, through: main}\n", "")

    with pytest.raises(InputError) as refused:
        described(tmp_path, alone)

    told = [str(problem) for problem in refused.value.problems]
    assert len(told) == 2
    assert "unknown name {order.merchant}" in told[0]
    assert "unknown name {merchant}" in told[1]


def test_webhooks_of_each_merchant_go_to_its_address(tmp_path):
    running = RunningIntegration(described(tmp_path), {}, tmp_path)

    assert running.webhook_url("stripe", "second") == "http://127.0.0.1:9/hooks/second"
    assert running.webhook_url("adyen", "second") is None


def test_settings_of_a_merchant_stand_beside_the_usual_ones():
    given = {"stripe.api_key": "k1", "stripe.second.api_key": "k2"}

    values = start_values(given, Path("work"), 1)

    assert fill_start("{stripe.api_key} {stripe.second.api_key}", values) == "k1 k2"
    assert fill_start("{adyen.second.api_key}", values) == "not-played"


def test_what_a_merchant_agreed_to_is_read(tmp_path):
    text = FILE.replace(
        "{mode: live, through: main}",
        "{providers: [stripe, adyen], routing: [adyen, stripe], currencies: [EUR, NOK], capture: manual}",
    )

    read = described(tmp_path, text).merchants[1]

    assert (read.providers, read.routing) == (("stripe", "adyen"), ("adyen", "stripe"))
    assert (read.currencies, read.capture) == (("EUR", "NOK"), "manual")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("{currencies: [EUR, EURO]}", "'EURO'"),
        ("{currencies: []}", "currencies"),
        ("{capture: later}", "'later'"),
        ("{providers: [stripe, adyen], routing: [adyne]}", "no account at 'adyne'; did you mean 'adyen'?"),
    ],
)
def test_what_cannot_be_agreed_to_is_told_with_its_place(tmp_path, said, told):
    with pytest.raises(InputError) as refused:
        described(tmp_path, FILE.replace("{mode: live, through: main}", said))

    (problem,) = refused.value.problems
    assert (problem.line, told in str(problem)) == (10, True)


def test_the_usual_merchant_stands_for_the_first_of_a_story(tmp_path):
    told = replace(described(tmp_path), usual="second")

    assert [one.name for one in told.in_turn] == ["second", "main"]
    assert [one.name for one in described(tmp_path).in_turn] == ["main", "second"]
