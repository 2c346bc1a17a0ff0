"""body-reserialised: a signature over bytes that nobody sent."""

import json

import pytest

from badgateway.reference.defects import policies_with
from badgateway.reference.signatures import NotGenuine

SECRET = "whsec_test_secret"
EVENT = {"id": "evt_1", "type": "payment_intent.succeeded", "data": {"object": {"object": "payment_intent"}}}
AS_USUAL = json.dumps(EVENT, indent=2)


def opens(defect, raw, signed):
    header = signed(raw, secret=SECRET)["headers"]["Stripe-Signature"]
    try:
        policies_with(defect).signatures.open(raw.encode(), header, (SECRET,), 300)
    except NotGenuine:
        return False
    return True


@pytest.fixture
def signed(start):
    """Give the function that signs bytes as the provider does."""
    return start().signed


@pytest.mark.parametrize("raw", [json.dumps(EVENT), AS_USUAL.replace("_", "\\u005f"), AS_USUAL + "\n"])
def test_json_that_is_written_otherwise_is_refused_by_the_defect_alone(raw, signed):
    assert opens(None, raw, signed)
    assert not opens("body-reserialised", raw, signed)


@pytest.mark.parametrize("defect", [None, "body-reserialised"])
def test_json_as_usual_is_accepted_by_both(defect, signed):
    assert opens(defect, AS_USUAL, signed)


@pytest.mark.parametrize("defect", [None, "body-reserialised"])
def test_a_forgery_is_refused_by_both(defect, signed):
    assert not opens(defect, AS_USUAL, lambda raw, **_: signed(raw, secret="whsec_of_somebody_else"))
