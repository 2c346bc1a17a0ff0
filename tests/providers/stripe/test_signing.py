"""Signatures, held against the vendor's own verification and against a fixed vector."""

import pytest
import stripe

from badgateway.ground.clock import wall_ms
from badgateway.providers.base import Endpoint
from badgateway.providers.stripe.signing import sign, signature

SECRET = "whsec_new"
BODY = b'{\n  "id": "evt_1",\n  "object": "event",\n  "type": "charge.succeeded"\n}'


def header_of(body, *, old_secret=None, secret=SECRET, at_s=None):
    endpoint = Endpoint("http://127.0.0.1/", secret, old_secret)
    ((name, value),) = sign(body, endpoint, wall_ms() // 1000 if at_s is None else at_s)
    assert name == "Stripe-Signature"
    return value


def test_a_fixed_vector():
    # printf '1700000000.{}' | openssl dgst -sha256 -hmac whsec_test
    assert (
        signature(b"{}", "whsec_test", 1_700_000_000)
        == "35495024f4ef3f94e5a93e22221544c4b75e9a42300cd965ab81cb85cd994e91"
    )


def test_the_sdk_accepts_our_signature():
    event = stripe.Webhook.construct_event(BODY, header_of(BODY), SECRET)

    assert (event.id, event.type) == ("evt_1", "charge.succeeded")


@pytest.mark.parametrize("secret", [SECRET, "whsec_old"])
def test_while_a_secret_is_rotated_either_is_enough(secret):
    header = header_of(BODY, old_secret="whsec_old")

    event = stripe.Webhook.construct_event(BODY, header, secret)

    assert event.id == "evt_1"
    assert header.count("v1=") == 2


@pytest.mark.parametrize(
    ("body", "header"),
    [
        (BODY.replace(b"evt_1", b"evt_2"), header_of(BODY)),
        (BODY.replace(b"  ", b" "), header_of(BODY)),
        (BODY, header_of(BODY, secret="whsec_of_another")),
        (BODY, header_of(BODY, at_s=wall_ms() // 1000 - 301)),
        (BODY, header_of(BODY).replace("v1=", "v0=")),
    ],
    ids=["tampered", "re-spaced", "foreign", "stale", "v0 alone"],
)
def test_the_sdk_refuses_everything_else(body, header):
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, header, SECRET)
