"""Shops with api.stripe.com written down take a payment, a refund and a webhook that comes twice."""

import sys
from pathlib import Path

import pytest

from badgateway.report.text import render
from badgateway.verdict.model import HELD

SHOP = str(Path(__file__).with_name("shop.py"))


@pytest.mark.parametrize(
    ("how", "way"),
    [("sdk", "python-sdk"), ("requests", "proxy"), ("curl", "proxy"), ("requests", "env")],
)
def test_a_shop_in_python_is_attached(played, how, way):
    result = played([sys.executable, SHOP, how, way], way)

    assert (result.verdict.state, result.verdict.problems) == (HELD, ())
    assert [entry.data["class"] for entry in result.entries if entry.kind == "webhook.sent"].count(
        "duplicate"
    ) == 1


def test_without_a_way_the_simulator_sees_no_payment(played):
    result = played([sys.executable, SHOP, "requests"], "env")

    assert result.verdict.state != HELD
    assert not [entry for entry in result.entries if entry.kind == "call.arrived"]


def test_a_host_that_is_not_simulated_is_refused_and_named(played):
    result = played([sys.executable, SHOP, "requests", "curious"], "proxy")

    assert [entry.data["host"] for entry in result.entries if entry.kind == "run.refused"] == [
        "metrics.example.com:443"
    ]
    assert "metrics.example.com:443 1 time (the proxy lets nothing out)" in render([result])
    assert result.verdict.state == HELD
