"""Everything that the suites provoke, held against the vendor's own documents."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from tests.conformance.adyen.test_python import VERSIONS
from tests.conformance.adyen.vendor import (
    answer_breaches,
    checkout,
    notification_breaches,
    operation,
    request_breaches,
)

from badgateway.providers.adyen.shapes import SHAPES

pytestmark = [pytest.mark.conformance, pytest.mark.timeout(900)]

# Fewer means that not everything was really held.
LEAST = {"requests": 140, "answers": 170, "refusals": 20, "notifications": 110}
CODES = {
    "AUTHORISATION",
    "AUTHORISATION_ADJUSTMENT",
    "CANCELLATION",
    "CANCEL_OR_REFUND",
    "CAPTURE",
    "REFUND",
    "TECHNICAL_CANCEL",
}


@pytest.fixture(scope="session")
def held(python_suite):
    """Hold what the SDKs sent, were answered and were told: counts, event codes, breaches."""
    counts, codes, breaches = Counter(), set(), []
    for driven in map(python_suite, VERSIONS):
        for seen in driven.answers:
            described = operation(seen.method, seen.path)
            if described is None:
                counts["pages"] += 1
                continue
            counts["answers"] += 1
            counts["refusals"] += seen.status >= 400
            breaches += [
                f"{seen.path}: {one}"
                for one in answer_breaches(described, seen.status, json.loads(seen.answer))
            ]
            if seen.method == "POST" and seen.status < 400:
                counts["requests"] += 1
                breaches += [
                    f"{seen.path}: {one}" for one in request_breaches(described, json.loads(seen.sent))
                ]
        for told in driven.webhooks:
            body = json.loads(told.sent)
            counts["notifications"] += 1
            codes |= {one["NotificationRequestItem"]["eventCode"] for one in body["notificationItems"]}
            breaches += notification_breaches(body)
    return counts, codes, breaches


def test_every_request_answer_and_notification_is_as_documented(held):
    counts, codes, breaches = held

    assert breaches == []
    assert {name: counts[name] for name in LEAST if counts[name] < LEAST[name]} == {}
    assert codes >= CODES


def test_only_the_pages_of_shoppers_are_not_described(held):
    counts, _, _ = held

    assert counts["pages"] == 2 * len(VERSIONS)  # two challenges in each suite


@pytest.mark.parametrize(
    "spoilt",
    [{"resultCode": "Paid"}, {"amount": {"value": "1"}}, {"pspReference": 7}, {"nobodyKnows": True}],
)
def test_the_check_of_answers_can_fail(spoilt):
    described = operation("POST", "/adyen/v72/payments")
    good = {"resultCode": "Authorised", "amount": {"currency": "EUR", "value": 1}, "pspReference": "A"}

    assert answer_breaches(described, 200, good) == []
    assert answer_breaches(described, 200, {**good, **spoilt})


@pytest.mark.parametrize("spoilt", [{"success": True}, {"amount": None}, {"eventCode": "PAID"}, {"new": "1"}])
def test_the_check_of_notifications_can_fail(held, spoilt):
    item = {
        "additionalData": {"hmacSignature": "x"},
        "amount": {"currency": "EUR", "value": 1},
        "eventCode": "CAPTURE",
        "eventDate": "2026-01-01T10:00:00+01:00",
        "merchantAccountCode": "M",
        "merchantReference": "r",
        "originalReference": "A",
        "pspReference": "B",
        "success": "true",
    }

    def wrapped(one):
        return {"live": "false", "notificationItems": [{"NotificationRequestItem": one}]}

    assert notification_breaches(wrapped(item)) == []
    assert notification_breaches(wrapped({**item, **spoilt}))


def test_every_field_of_the_vendors_requests_is_taken_and_no_other():
    for pattern, shape in SHAPES.items():
        described = checkout()["components"]["schemas"][shape.name]
        assert shape.fields == set(described["properties"]), pattern
        for inner in shape.within.values():
            assert inner.fields == set(checkout()["components"]["schemas"][inner.name]["properties"])
