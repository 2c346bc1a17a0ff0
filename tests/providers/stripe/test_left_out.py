"""Addresses that Stripe has and the simulator has not say so, with what to do instead."""

import pytest

from badgateway.providers.stripe.left_out import LEFT_OUT, why_left_out
from badgateway.providers.stripe.routes import ROUTES


@pytest.mark.parametrize(("method", "pattern"), LEFT_OUT)
def test_an_address_that_is_left_out_says_why(ask, method, pattern):
    status, body = ask(method, pattern.replace("{id}", "po_1"), "amount=500")

    assert status == 404
    assert body["error"]["message"].endswith(LEFT_OUT[method, pattern])


def test_what_is_none_of_stripes_addresses_has_no_reason():
    assert why_left_out("POST", "/v1/chargers") is None
    assert why_left_out("GET", "/v1/payouts") is None
    assert why_left_out("POST", "/v1/payouts/po_1/cancel/now") is None


def test_nothing_is_both_left_out_and_simulated():
    assert not {(route.method, route.pattern) for route in ROUTES} & set(LEFT_OUT)
