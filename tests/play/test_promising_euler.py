"""The contract watch over Euler: what stands between an integration and the orchestrator, in one play."""

import base64
from urllib.parse import urlencode

import pytest

from badgateway.ground.message import Request


@pytest.fixture
def world(lab):
    """Give a play with Euler."""
    return lab.a_world(lab.a_plan(provider="euler"))


def pay(lab, world, amount="49.99", **more):
    form = {
        "order.order_id": f"{world.reference('o1')}A1",
        "order.amount": amount,
        "order.currency": "EUR",
        "payment_method_type": "CARD",
        "card_token": world.dialect.cards["approved"],
        **more,
    }
    pair = base64.b64encode(f"{lab.KEY}:".encode()).decode()
    headers = (("Authorization", f"Basic {pair}"), ("Content-Type", "application/x-www-form-urlencoded"))
    return Request("POST", "/euler/txns", "", headers, urlencode(form).encode())


def test_an_order_as_the_document_has_it_breaks_nothing_on_either_side(lab, world):
    broken, watch = lab.watched(world, pay(lab, world))

    assert broken == []
    assert watch["document"] == "internal.openapi.yaml"
    assert (watch["requests"], watch["replies"], watch["webhooks"]) == (1, 1, 4)
    assert (watch["exempt"], watch["undescribed"], watch["left_out"]) == (0, 0, 0)


@pytest.mark.parametrize("more", [{"amount": "49.999"}, {"payment_method_type": "CASH"}])
def test_what_the_document_does_not_allow_is_the_integrations_fault(lab, world, more):
    (broken,), _ = lab.watched(world, pay(lab, world, **more))

    assert (broken["party"], broken["about"], broken["where"]) == ("integration", "request", "POST /txns")
