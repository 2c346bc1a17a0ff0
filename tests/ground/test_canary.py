"""A canary is found in every form in which it may come out, and nothing else is taken for one."""

import base64
from urllib.parse import quote, urlencode

import pytest

from badgateway.ground.canary import CARD, CODE, SECRET, Canary, card_code, card_number, draw_canaries
from badgateway.ground.redact import is_card_number

NUMBER = card_number(1, "n")
CARD_CANARY = Canary("card number", CARD, NUMBER)
SECRET_CANARY = Canary("API key", SECRET, "sk_test_abc/DEF+0123456789")
CODE_CANARY = Canary("code", CODE, "041")


def test_a_made_up_number_is_one_that_a_card_could_have():
    assert is_card_number(NUMBER)
    assert len(NUMBER) == 16


def test_every_play_has_its_own():
    plays = [draw_canaries(1, "a"), draw_canaries(1, "b"), draw_canaries(2, "a")]

    assert len({(one.number, one.told, one.trap) for one in plays}) == 3
    assert all(one.number != one.told for one in plays)
    assert card_code(1, "a") == card_code(1, "a")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (f"number={NUMBER}&", "plain"),
        (f'{{"card": {NUMBER}}}', "plain"),
        (" ".join(NUMBER[at : at + 4] for at in range(0, 16, 4)), "split"),
        ("-".join(NUMBER), "split"),
        (", ".join(NUMBER), "split"),
        (base64.b64encode(NUMBER.encode()).decode(), "base64"),
        (base64.b64encode(f'{{"number":"{NUMBER}"}}'.encode()).decode(), "base64"),
        (base64.b64encode(f"x{NUMBER}y".encode()).decode(), "base64"),
        ("".join(f"%3{digit}" for digit in NUMBER), "URL-encoded"),
    ],
)
def test_a_card_number_is_found_in_each_of_its_forms(text, form):
    assert CARD_CANARY.found_in(f"before {text} behind") == form


@pytest.mark.parametrize("before", ["", "a", "ab", "abc", '{"key": "'])
def test_base64_is_found_wherever_it_begins(before):
    text = base64.b64encode(f"{before}{SECRET_CANARY.value} and more".encode()).decode()

    assert SECRET_CANARY.found_in(text) == "base64"


def test_the_other_alphabet_of_base64_is_read_too():
    secret = Canary("key", SECRET, "??>>??>>~~~~ABC")
    text = base64.urlsafe_b64encode(secret.value.encode()).decode()

    assert secret.found_in(text) == "base64"


def test_a_secret_is_found_as_a_password_and_in_a_query():
    basic = base64.b64encode(f"{SECRET_CANARY.value}:".encode()).decode()

    assert SECRET_CANARY.found_in(f"Authorization: Basic {basic}") == "base64"
    assert SECRET_CANARY.found_in(f"/hook?{urlencode({'key': SECRET_CANARY.value})}") == "URL-encoded"
    assert SECRET_CANARY.found_in(quote(quote(SECRET_CANARY.value, safe=""), safe="")) == "URL-encoded"


@pytest.mark.parametrize(
    "text",
    [
        f"card ending {NUMBER[-4:]}",
        f"{NUMBER[:6]}******{NUMBER[-4:]}",
        f"pm_1{NUMBER[-8:]}",
        card_number(1, "another"),  # a Luhn-valid number of 16 digits, such as an order number may be
        f"1{NUMBER}",
        f"{NUMBER}7",
        "4000 0000 0000 0002",
        "",
    ],
    ids=["last4", "masked", "token", "order number", "longer before", "longer behind", "test card", "empty"],
)
def test_what_only_looks_like_it_is_none(text):
    assert CARD_CANARY.found_in(text) is None


@pytest.mark.parametrize(
    "text", ["cvc=041", '"cvc": "041"', "card[cvc]=041", "CVV2:041", "security code 041"]
)
def test_a_verification_code_is_found_beside_its_name(text):
    assert CODE_CANARY.found_in(text) == "plain"


@pytest.mark.parametrize("text", ["took 041 ms", "order 041", "cvc=0415", "cvc=***", "cvc given, order 041"])
def test_three_digits_alone_prove_nothing(text):
    assert CODE_CANARY.found_in(text) is None


def test_its_mark_tells_nothing_of_its_value():
    assert NUMBER not in CARD_CANARY.mark
    assert CARD_CANARY.mark == Canary("another label", CARD, NUMBER).mark
