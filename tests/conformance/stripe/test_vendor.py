"""Everything that the suites and the whole library provoke, held against the vendor's own documents."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from tests.conformance.stripe.exceptions import exceptions, not_excepted, not_needed
from tests.conformance.stripe.holding import Holding
from tests.conformance.stripe.test_python import VERSIONS
from tests.conformance.stripe.vendor import Vendor

pytestmark = [pytest.mark.conformance, pytest.mark.timeout(1200)]  # five suites, and the library

# Fewer means that not everything was really held.
OF_THE_SUITES = {"answers": 500, "refusals": 90, "events": 600, "objects": 2000, "names": 90_000}
OF_THE_LIBRARY = {"answers": 2300, "refusals": 50, "events": 1600, "objects": 6000, "names": 350_000}
OBJECTS_MIN = 18  # kinds that were seen in both


@pytest.fixture(scope="session")
def suites(python_suite, node_suite):
    """Hold what the SDKs were answered and told."""
    holding = Holding(Vendor())
    for driven in (node_suite, *(python_suite(version) for version in VERSIONS)):
        for seen in driven.answers:
            holding.passed(seen)
        for seen in driven.webhooks:
            holding.webhook(seen.sent)
    return holding


@pytest.fixture(scope="session")
def library(pack_sightings):
    """Hold the provider's own answers and webhooks, before a story's faults changed any of them."""
    holding = Holding(Vendor())
    assert sum(sightings.left_out for sightings in pack_sightings) == 0
    for sightings in pack_sightings:
        for asked in sightings.asked:
            if asked.reply is not None:
                version = asked.reply.header("Stripe-Version") or ""
                body = json.loads(asked.reply.body)
                holding.answer(asked.request.method, asked.request.path, asked.reply.status, body, version)
        for told in sightings.told:
            if not told.is_spoilt:
                holding.webhook(told.body)
    return holding


@pytest.mark.parametrize(("source", "floor"), [("suites", OF_THE_SUITES), ("library", OF_THE_LIBRARY)])
def test_every_answer_and_event_is_as_documented(source, floor, request):
    """Types by the vendor's document of 2023-08-16, newer names and values by the newest SDK's lists."""
    holding = request.getfixturevalue(source)

    print(f"{source}: {dict(holding.counts)}")  # noqa: T201 - the counts, for pytest -s
    assert not_excepted(holding.found.values(), exceptions()) == []
    assert {name: holding.counts[name] for name in floor if holding.counts[name] < floor[name]} == {}


def test_every_kind_of_object_is_among_them(suites, library):
    kinds = suites.kinds | library.kinds

    assert len(kinds) >= OBJECTS_MIN, sorted(kinds)


def test_every_exception_is_needed_still(suites, library):
    found = [*suites.found.values(), *library.found.values()]

    assert not_needed(found, exceptions()) == []


def test_exceptions_are_told_once_each_with_a_reason():
    known = exceptions()

    assert max(Counter((one.kind, one.name, one.versions) for one in known).values()) == 1
    assert all(len(one.reason.split()) >= 4 for one in known)


@pytest.fixture(scope="session")
def an_answer(suites, node_suite):
    """Give an intent with its charge, as it was answered to an SDK."""
    wanted = (json.loads(one.answer) for one in node_suite.answers if one.path.endswith("/confirm"))
    return next(one for one in wanted if one.get("status") == "succeeded")


@pytest.fixture(scope="session")
def an_event(node_suite):
    """Give an event that tells of a change."""
    told = (json.loads(one.sent) for one in node_suite.webhooks)
    return next(one for one in told if one["type"] == "charge.refunded")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"amount": "2000"}, "type,payment_intent.amount"),
        ({"amount": None}, "null,payment_intent.amount"),
        ({"status": "gone"}, "value,payment_intent.status=gone"),
        ({"colour": "red"}, "unknown,payment_intent.colour"),
        ({"status": ...}, "absent,payment_intent.status"),
        ({"review": ...}, "absent,payment_intent.review"),
        ({"managed_payments": ...}, "absent,payment_intent.managed_payments"),
        ({"customer_account": 5}, "type,payment_intent.customer_account"),
        ({"customer": {"object": "customer"}}, "absent,customer.email"),
        ({"automatic_payment_methods": {"on": True}}, "unknown,payment_intent.automatic_payment_methods.on"),
        ({"metadata": {"order": 5}}, "type,payment_intent.metadata.order"),
    ],
)
def test_what_is_planted_in_an_answer_is_found(an_answer, change, found):
    holding = Holding(Vendor())
    planted = {name: value for name, value in {**an_answer, **change}.items() if value is not ...}

    holding.answer("POST", f"/v1/payment_intents/{an_answer['id']}/confirm", 200, planted, "2026-10-28")

    lines = not_excepted(holding.found.values(), exceptions())
    assert any(line.startswith(f"{found}:") for line in lines), lines


@pytest.mark.parametrize(
    ("place", "change", "found"),
    [
        ((), {"colour": "red"}, "unknown,event.colour"),
        ((), {"livemode": "no"}, "type,event.livemode"),
        (("data", "object"), {"paid": "yes"}, "type,charge.paid"),
        (("data", "object"), {"colour": "red"}, "unknown,charge.colour"),
        (("data", "object", "billing_details"), {"colour": "red"}, "unknown,charge.billing_details.colour"),
        (("data", "object", "outcome"), {"colour": "red"}, "unknown,charge.outcome.colour"),
        (("data", "previous_attributes"), {"colour": "red"}, "unknown,charge.colour"),
    ],
)
def test_what_is_planted_in_an_event_is_found(an_event, place, change, found):
    holding = Holding(Vendor())
    planted = json.loads(json.dumps(an_event))
    inner = planted
    for name in place:
        inner = inner[name]
    inner.update(change)

    holding.webhook(json.dumps(planted).encode())

    lines = not_excepted(holding.found.values(), exceptions())
    assert any(line.startswith(f"{found}:") for line in lines), lines


def test_what_is_sound_has_nothing_to_be_found(an_answer, an_event):
    holding = Holding(Vendor())

    holding.answer("POST", f"/v1/payment_intents/{an_answer['id']}/confirm", 200, an_answer, "2026-10-28")
    holding.webhook(json.dumps(an_event).encode())

    assert not_excepted(holding.found.values(), exceptions()) == []
