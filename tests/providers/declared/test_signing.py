"""Signatures of declared providers, against vectors that other programs made."""

import base64
import textwrap
from dataclasses import replace

import pytest

from badgateway.ground.message import find_header
from badgateway.providers import DIALECTS
from badgateway.providers.base import Endpoint
from badgateway.providers.declared.model import Signature
from badgateway.providers.declared.rsa import read_key
from badgateway.providers.declared.signing import sign, told_secret

# RFC 4231, test case 2.
DATA = b"what do ya want for nothing?"
SHA256 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
SHA512 = (
    "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
    "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
)
# openssl dgst -sha256 -sign KEY, with the key in paypal.provider.yaml.
MESSAGE = b"id|2026-11-21T00:00:00.000Z|WEBHOOK|1234"
SIGNED = """
    RA71dkCU29iN8Oo9Xl0ULDb6PAKNFwTGs1FpvJKbJadQ66VX9dyIkkS2rXyy1aQLf47Tz/YHkH9L0K9vKjhvh/OzgUJe07E3Szw0
    6H2mKX+gn2vR47mDvGvZ6HTUOlZO8GQ2+m2s1tRWw3kj6HRWQfbOO6iHiF4l0Wfh2PB98o5PoDWraxQKE5pGWwPIjcKLXvxtp/5n
    UZJ68rf9Pb6JdJN3JNCJfLKVgyHttTIFaKSZsWt7AHs02adeggcn530Htd2obif/eACRTLoxTsBGXHg060vyVVeHU/E2aVNvPeRF
    GCebCYf+uCET/eU+DdLtfb4PEH3AOoIdmQBxRAIFVw==
"""


@pytest.fixture
def signed():
    """Give what signs by a scheme: the headers of one body, secret and moment."""
    spec = DIALECTS["checkout"].spec

    def run(scheme, body=DATA, secret="Jefe", at_s=0, old=None):
        told = replace(spec, webhooks=replace(spec.webhooks, signature=scheme))
        return sign(told, body, Endpoint("http://127.0.0.1/hook", secret, old), at_s, "evt_1", {})

    return run


@pytest.mark.parametrize(("algorithm", "digest"), [("sha256", SHA256), ("sha512", SHA512)])
def test_hmac_is_as_the_standard_has_it(algorithm, digest, signed):
    headers = signed(Signature("hmac", header="X-Seal", algorithm=algorithm))

    assert headers == (("X-Seal", digest),)


def test_base64_is_the_same_digest(signed):
    ((_, value),) = signed(Signature("hmac", header="X-Seal", encoding="base64"))

    assert base64.b64decode(value).hex() == SHA256


def test_what_is_signed_may_have_other_parts(signed):
    """The text of the vector, taken apart: what the file writes around the body is signed too."""
    scheme = Signature("hmac", header="X-Seal", over="what do {body}", value="t={timestamp},v1={signatures}")

    ((_, value),) = signed(scheme, body=b"ya want for nothing?", at_s=77)

    assert value == f"t=77,v1={SHA256}"


def test_a_rotated_secret_signs_twice_where_there_is_room(signed):
    one = Signature("hmac", header="X-Seal")
    two = Signature("hmac", header="X-Seal", each="v1={signature}", joined=",")

    ((_, alone),) = signed(one, secret="next", old="Jefe")
    ((_, both),) = signed(two, secret="next", old="Jefe")

    assert alone == SHA256
    assert len(both.split(",")) == 2
    assert f"v1={SHA256}" in both


def test_a_secret_is_shown_as_the_provider_shows_it():
    assert told_secret("Jefe", Signature("hmac", key="hex")) == "4a656665"
    assert told_secret("Jefe", Signature("hmac", key="base64")) == "SmVmZQ=="
    assert told_secret("Jefe", Signature("standard")) == "whsec_SmVmZQ=="
    assert told_secret("Jefe", Signature("hmac")) == "Jefe"


def test_basic_is_user_and_secret(signed):
    headers = signed(Signature("basic", user="shop"))

    assert find_header(headers, "authorization") == f"Basic {base64.b64encode(b'shop:Jefe').decode()}"


def test_rsa_is_what_openssl_makes_of_it():
    key = read_key(DIALECTS["paypal"].spec.webhooks.signature.private_key)

    made = base64.b64encode(key.sign(MESSAGE, "sha256")).decode()

    assert made == "".join(textwrap.dedent(SIGNED).split())


def test_what_is_no_key_is_refused():
    with pytest.raises(ValueError, match="unencrypted RSA private key"):
        read_key("-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----")
