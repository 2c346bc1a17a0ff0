"""What a recording lets through, and what never."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badgateway.drift.veil import Veil
from badgateway.ground.redact import HIDDEN

KEY = "sk_test_51Hq8x"
SECRET_PLACES = (
    ("client_secret",), ("payment", "apiKey"), ("hmacSignature",), ("additionalData", "hmac_signature"),
    ("card", "cvc"), ("paymentMethod", "encryptedSecurityCode"), ("shopperEmail",), ("dateOfBirth",),
    ("billing_details", "phone"), ("shipping", "address", "line1"), ("shopperName", "firstName"),
    ("owner", "anything"), ("shopperIP",), ("paymentMethod", "holderName"), ("bank", "iban"),
)  # fmt: skip


@given(st.sampled_from(SECRET_PLACES), st.text("0123456789abcdefXYZ .-", min_size=4, max_size=20))
def test_what_a_name_says_is_secret_or_personal_is_never_kept(path, text):
    secret = f"7{text}31"

    assert Veil(salt="s").text(secret, path) == HIDDEN


@pytest.mark.parametrize("number", ["4242424242424242", "4242 4242 4242 4242", "4242-4242-4242-4242"])
@pytest.mark.parametrize("name", ["number", "note", "reference", "id"])
def test_a_card_number_is_a_token_wherever_it_stands(name, number):
    veil = Veil(salt="s")

    kept = veil.text(number, (name,))

    assert kept == veil.text("4242424242424242", ("other",))
    assert kept.startswith("[card ")


def test_numbers_that_are_secret_stay_numbers():
    told = {"cvc": 123, "number": 4242424242424242, "amount": 4999, "rate": 1.5, "phone": 441234}

    assert Veil().value(told) == {"cvc": 0, "number": 0, "amount": 4999, "rate": 1.5, "phone": 0}


def test_a_credential_is_hidden_where_else_it_is_named():
    veil = Veil()
    veil.learn((("Authorization", f"Bearer {KEY}"), ("X-API-Key", "another-key-99")))

    told = veil.value({"note": f"use {KEY}", "ref_id": KEY, "word": "another-key-99", KEY: 1})

    assert KEY not in json.dumps(told)
    assert "another-key-99" not in json.dumps(told)


def test_of_credentials_only_their_scheme_is_kept():
    headers = (
        ("Authorization", f"Basic {KEY}"),
        ("X-API-Key", KEY),
        ("Stripe-Signature", "t=1,v1=aa"),
        ("Cookie", "session=1"),
        ("Stripe-Version", "2024-06-20"),
        ("Stripe-Account", "acct_1NkT8aB2cD3eF4gH"),
        ("User-Agent", "shop of Jo"),
    )

    kept = dict(map(tuple, Veil(salt="s").headers(headers)))

    assert kept.pop("stripe-account").startswith("acct_")
    assert kept == {
        "authorization": f"Basic {HIDDEN}",
        "x-api-key": HIDDEN,
        "stripe-signature": HIDDEN,
        "stripe-version": "2024-06-20",
    }


@pytest.mark.parametrize(
    "word",
    ["requires_capture", "Authorised", "2024-06-20", "EUR", "4999", "-1.50", "pm_card_visa", "scheme", ""],
)
def test_a_providers_words_and_numbers_are_kept(word):
    assert Veil().text(word, ("status",)) == word


@pytest.mark.parametrize("text", ["Jo Miller", "call me", "äöü", "a\nb", "{json}"])
def test_any_other_text_is_hidden(text):
    assert Veil().text(text, ("note",)) == HIDDEN


def test_addresses_and_mail_stay_such_without_saying_whose():
    veil = Veil()

    assert veil.text("https://shop.test/back?id=7", ("return_url",)) == "https://example.test/"
    assert veil.text("jo@shop.test", ("anything",)) == "someone@example.test"


def test_names_that_a_merchant_made_up_tell_nothing_either():
    veil = Veil()

    assert veil.value({"metadata": {"jo@shop.test": "x", "4242424242424242": "y"}})["metadata"] == {
        "redacted": "y"
    }
    assert veil.pairs([("metadata[Jo Miller]", "x")]) == [["metadata[redacted]", "x"]]


def test_an_id_without_a_digit_is_the_same_token_in_a_body_and_in_an_address():
    veil = Veil(salt="s")
    told = veil.value({"pspReference": "SFKMTMCEXIGSBNCQ"})["pspReference"]

    assert told != "SFKMTMCEXIGSBNCQ"
    assert veil.path("/v71/payments/SFKMTMCEXIGSBNCQ/refunds") == f"/v71/payments/{told}/refunds"
