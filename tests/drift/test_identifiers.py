"""Identifiers and words, and the tokens of one recording."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badgateway.drift.identifiers import Tokens, is_identifier, is_path_word, is_word

DRAWN = (
    "pi_3Qx81LkdIwHu7ixA0aBcDeFg",
    "ch_kXvQmRzGbWpLnHtYcJdSfA",
    "883718293746152A",
    "8a82944a-4d0e-11ee-be56-024212345678",
)


@pytest.mark.parametrize("text", DRAWN)
def test_what_a_machine_drew_is_an_identifier(text):
    assert is_identifier("anything", text)


@pytest.mark.parametrize(
    "text",
    [
        "requires_payment_method",
        "pm_card_threeDSecure2Required",
        "AUTHORISATION",
        "v1.payment_intent.succeeded",
    ],
)
def test_a_word_is_none(text):
    assert is_word(text)
    assert not is_identifier("status", text)


@pytest.mark.parametrize("part", ["SFKMTMCEXIGSBNCQ", "NCHTCRTZGNAQWE82", "883718293746152A"])
def test_capitals_in_an_address_are_an_identifier(part):
    assert not is_path_word(part)


@pytest.mark.parametrize("part", ["payments", "storedPaymentMethods", "payment_intents", "v71", "US"])
def test_a_word_in_an_address_is_none(part):
    assert is_path_word(part)


@pytest.mark.parametrize("name", ["id", "order_id", "pspReference", "merchantReference", "idempotency_key"])
def test_a_name_makes_one_of_anything(name):
    assert is_identifier(name, "order-seven")


@given(st.text("abcXYZ019_-", min_size=8, max_size=40))
def test_a_token_has_the_letters_of_its_identifier_and_is_always_the_same(text):
    tokens = Tokens("salt")

    token = tokens.of(text)

    assert tokens.of(text) == token
    assert [(one.isdigit(), one.isupper(), one.islower()) for one in token] == [
        (one.isdigit(), one.isupper(), one.islower()) for one in text
    ]


def test_a_prefix_survives_and_the_rest_does_not():
    token = Tokens("salt").of(DRAWN[0])

    assert token.startswith("pi_")
    assert token[3:] != DRAWN[0][3:]


def test_two_recordings_share_no_tokens():
    assert Tokens("one").of(DRAWN[0]) != Tokens("two").of(DRAWN[0])


def test_different_identifiers_have_different_tokens():
    tokens = Tokens("salt")

    made = {tokens.of(f"o{n:03}") for n in range(900)}

    assert len(made) == 900
