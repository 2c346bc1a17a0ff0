"""Requests that are written down mean the same when they are read again, and hold no card data."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badgateway.ground.message import Request
from badgateway.providers import DIALECTS
from badgateway.providers.adyen.instruments import NUMBERS

ADYEN, KEY = DIALECTS["adyen"], "sk_test_of_these_tests"
ACCOUNT = ADYEN.settings("", KEY, "")["merchant_account"]
CARDS = [
    *NUMBERS,
    "4111 1111 1111 1111",
    "4000056655665556",
    "4000990000000000",
    "1234",
    "",
    "adyenjs_0_1_25$x",
]
SECRETS = ["number", "encryptedCardNumber", "cvc", "encryptedSecurityCode", "encryptedBlob", "encryptedCard"]


def asked(body, path="/v71/payments", query="", method="POST"):
    headers = (("X-API-Key", KEY), ("Host", "adyen.test"), ("Idempotency-Key", "k1"), ("Cookie", "a=1"))
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Request(method, path, query, headers, sent)


def again(request):
    return ADYEN.recalled(ADYEN.kept(request), KEY)


def paid_with(**method):
    return {"merchantAccount": ACCOUNT, "reference": "o1", "paymentMethod": {"type": "scheme", **method}}


@pytest.mark.parametrize("number", CARDS)
@pytest.mark.parametrize("prefix", ["", "test_"])
@pytest.mark.parametrize("name", ["number", "encryptedCardNumber"])
def test_a_card_comes_back_as_the_same_card(name, prefix, number):
    request = asked(paid_with(**{name: prefix + number, "expiryMonth": "03", "expiryYear": "2030"}))

    kept = ADYEN.kept(request)
    assert ADYEN.parse(again(request)) == ADYEN.parse(request)
    assert len(number) < 13 or number not in kept.body.decode()


@pytest.mark.parametrize("code", ["737", "7373", "123", "test_737", "test_123", "abc", ""])
@pytest.mark.parametrize("name", ["cvc", "encryptedSecurityCode"])
def test_a_security_code_comes_back_as_right_or_wrong(name, code):
    request = asked(paid_with(**{"number": "4111111111111111", name: code}))

    kept = ADYEN.kept(request)
    assert ADYEN.parse(again(request)) == ADYEN.parse(request)
    assert not code or code not in kept.body.decode()


def test_no_credential_is_kept_and_headers_that_count_are():
    kept = ADYEN.kept(asked({"reference": "o1"}))

    assert KEY not in str(kept)
    assert {name for name, _ in kept.headers} == {"Host", "Idempotency-Key"}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"4111111111111111"', b"\xff", b'{"a": "\\ud800"}', b"NaN"]
)
def test_what_cannot_be_read_is_refused_by_the_same_words(body):
    request = asked(body)

    assert ADYEN.parse(again(request)) == ADYEN.parse(request)
    assert b"4111" not in ADYEN.kept(request).body


def test_a_number_that_is_only_asked_about_is_kept_as_far_as_it_tells_the_bank():
    request = asked({"merchantAccount": ACCOUNT, "cardNumber": "4111111111111111"}, "/v71/cardDetails")

    assert ADYEN.parse(again(request)) == ADYEN.parse(request)
    assert b'"411111"' in ADYEN.kept(request).body


def test_a_shoppers_page_is_the_same_page():
    request = asked(b"", "/adyen/checkoutshopper/threeDS/redirect", "MD=ABC&result=pass", "GET")

    assert ADYEN.parse(again(request)) == ADYEN.parse(request)


VALUES = st.sampled_from([*CARDS, None, True, 5, 5.5, [], {}, ["4111111111111111"]]) | st.text(max_size=5)
METHODS = st.dictionaries(st.sampled_from([*SECRETS, "type", "expiryMonth", "holderName", "x"]), VALUES)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(method=METHODS | VALUES, reference=VALUES)
def test_whatever_was_asked_is_understood_as_before(method, reference):
    request = asked({"reference": reference, "paymentMethod": method})

    assert ADYEN.parse(again(request)) == ADYEN.parse(request)
