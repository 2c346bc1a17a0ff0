"""The HMAC of notifications, held against a vector that Adyen publishes and against its rules."""

import json

import pytest

from badgateway.ground.mutation import mutate
from badgateway.providers.adyen.signing import hmac_key, sign_inside, signature, signed_text
from badgateway.providers.base import Endpoint

# Source: the example in Adyen's page on verifying HMAC signatures, which its libraries test with as well.
VECTOR_KEY = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"
VECTOR = {
    "pspReference": "7914073381342284",
    "originalReference": "",
    "merchantAccountCode": "TestMerchant",
    "merchantReference": "TestPayment-1407325143704",
    "amount": {"value": 1130, "currency": "EUR"},
    "eventCode": "AUTHORISATION",
    "success": "true",
}
ENDPOINT = Endpoint("http://127.0.0.1/", "whsec_1")


def items(body):
    return [one["NotificationRequestItem"] for one in json.loads(body)["notificationItems"]]


def is_signed(body, secret=ENDPOINT.secret):
    return all(one["additionalData"].get("hmacSignature") == signature(one, secret) for one in items(body))


def test_the_published_vector():
    text = "7914073381342284::TestMerchant:TestPayment-1407325143704:1130:EUR:AUTHORISATION:true"

    assert signed_text(VECTOR) == text
    assert signature(VECTOR, VECTOR_KEY) == "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0="


def test_a_key_is_shown_as_hexadecimal_digits():
    assert hmac_key(VECTOR_KEY) == VECTOR_KEY
    assert len(bytes.fromhex(hmac_key("whsec_anything"))) == 32


def test_an_event_is_signed_inside(paid, account):
    paid()

    signed = sign_inside(account.told[0].body, ENDPOINT)

    assert is_signed(signed)
    assert not is_signed(signed, "whsec_2")


def test_during_a_rotation_the_old_key_signs(paid, account):
    paid()

    signed = sign_inside(account.told[0].body, Endpoint("", "whsec_2", old_secret="whsec_1"))

    assert is_signed(signed, "whsec_1")


def test_an_unsigned_one_has_no_signature(paid, account):
    paid()

    (item,) = items(sign_inside(account.told[0].body, None))

    assert "hmacSignature" not in item["additionalData"]


def test_each_item_of_a_batch_is_signed_for_itself(paid, account):
    paid()
    paid(holder="DECLINED")

    body = sign_inside(account.dialect.batch(account.told), ENDPOINT)

    assert len(items(body)) == 2
    assert is_signed(body)
    assert len({one["additionalData"]["hmacSignature"] for one in items(body)}) == 2


@pytest.mark.parametrize(("is_live", "said"), [(True, "true"), (False, "false")])
def test_a_batch_is_of_the_mode_of_its_account(paid, account, is_live, said):
    account.is_live = is_live
    paid()

    assert json.loads(account.dialect.batch(account.told))["live"] == said


@pytest.mark.parametrize("kind", ["spacing", "escapes", "key_order"])
def test_another_layout_is_signed_as_well(paid, account, kind):
    paid()
    changed = mutate(account.told[0].body, kind, "$", "same")

    signed = sign_inside(changed.body, ENDPOINT)

    assert is_signed(signed)
    assert signed.replace(b" ", b"") != sign_inside(account.told[0].body, ENDPOINT)


def test_a_body_without_a_place_for_it_is_left_alone():
    assert sign_inside(b'{"live":"false"}', ENDPOINT) == b'{"live":"false"}'
    assert sign_inside(b"no JSON", ENDPOINT) == b"no JSON"
