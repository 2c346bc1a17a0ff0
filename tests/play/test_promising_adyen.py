"""The contract watch over Adyen: requests, answers and notifications of a play held against its document."""

import json

import pytest

from badgateway.ground.message import Request


@pytest.fixture
def world(lab):
    """Give a play with Adyen."""
    return lab.a_world(lab.a_plan(provider="adyen"))


def pay(lab, world, version="v71", **more):
    account = world.dialect.settings("", lab.KEY, lab.SECRET)["merchant_account"]
    body = {
        "merchantAccount": account,
        "amount": {"currency": "EUR", "value": 4999},
        "reference": world.reference("o1"),
        "returnUrl": "https://shop.example/",
        "paymentMethod": {"type": "scheme", "storedPaymentMethodId": world.dialect.cards["approved"]},
        **more,
    }
    headers = (("X-API-Key", lab.KEY), ("Content-Type", "application/json"))
    return Request("POST", f"/{version}/payments", "", headers, json.dumps(body).encode())


@pytest.mark.parametrize("version", ["v71", "adyen/v72", "adyen/checkout/v71"])
def test_a_payment_as_the_document_has_it_breaks_nothing_on_either_side(lab, world, version):
    broken, watch = lab.watched(world, pay(lab, world, version))

    assert broken == []
    assert watch["document"] == "adyen.openapi.yaml"
    assert (watch["requests"], watch["replies"], watch["webhooks"]) == (1, 1, 1)
    assert (watch["exempt"], watch["undescribed"], watch["left_out"]) == (0, 0, 0)


def test_a_field_that_adyen_does_not_know_is_the_integrations_fault(lab, world):
    (broken,), _ = lab.watched(world, pay(lab, world, captureDelay=1))

    assert (broken["party"], broken["about"], broken["call"]) == ("integration", "request", "call1")
    assert broken["where"] == "POST /payments"
    assert "'captureDelay' was unexpected" in broken["problem"]
