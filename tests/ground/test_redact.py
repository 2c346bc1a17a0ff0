"""Redaction takes secrets, card numbers and codes out of text, and leaves evidence readable."""

import base64

import pytest

from badgateway.ground.redact import is_card_number, may_hide, redact

CARDS = [
    "4242424242424242",
    "5555555555554444",
    "378282246310005",
    "6011111111111117",
    "3056930009020004",
    "2223003122003222",
]


@pytest.mark.parametrize("card", CARDS)
def test_a_card_number_becomes_a_token(card):
    text = redact(f'{{"number":"{card}"}}')

    assert card not in text
    assert text.startswith('{"number":"[card ')


@pytest.mark.parametrize(
    "spelling", ["4242 4242 4242 4242", "4242-4242-4242-4242", "4242 4242 4242 4242 12 2030"]
)
def test_a_card_number_in_groups_is_found(spelling):
    assert "4242" not in redact(f"paid with {spelling}.")


def test_equal_cards_keep_equal_tokens_within_a_run_and_none_across_runs():
    first, again = redact("4242424242424242"), redact("4242 4242 4242 4242")
    other = redact("4242424242424242", salt="another run")

    assert first == again
    assert first != other


@pytest.mark.parametrize(
    "text",
    [
        "4242424242424241",  # check digit
        "1763727660123456",  # microseconds: no scheme begins with 1
        "pi_4242424242424242x",  # part of an identifier
        "424242424242424242424242",  # too long
        "order 2026-11-21 12:21:00 amount 4999",
        "cvv passed, code 123",
    ],
)
def test_what_is_no_card_number_stays(text):
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "cvv=123",
        '"cvc": "1234"',
        "card[cvc]=123",
        "card%5Bcvc%5D=123",
        "security_code: 999",
        '{\\"cvc\\":\\"737\\"}',
        "CVV2 = 000",
    ],
)
def test_a_verification_code_is_hidden(text):
    hidden = redact(text)

    assert "[redacted]" in hidden
    assert not any(code in hidden for code in ("123", "999", "737", "000"))


def test_secrets_are_hidden_as_they_are_and_as_basic_authentication():
    secret = "sk_test_verysecret"
    basic = base64.b64encode(f"{secret}:".encode()).decode()

    assert (
        redact(f"key {secret} sent as Basic {basic}", [secret]) == "key [redacted] sent as Basic [redacted]"
    )


def test_the_longer_of_two_secrets_is_hidden_whole():
    assert redact("sk_test_123456", ["sk_test", "sk_test_123456"]) == "[redacted]"


def test_a_short_word_is_no_secret():
    assert redact("the test", ["test"]) == "the test"


def test_luhn_and_scheme_decide():
    assert is_card_number("4242424242424242")
    assert not is_card_number("4242424242424243")
    assert not is_card_number("9999999999999995")


@pytest.mark.parametrize(
    "hidden",
    [
        "paid with 4242 4242 4242 4242",
        "cvv: 123",
        "Security_Code=1234",
        "verification-value 999",
        "sk_test_1",
    ],
)
def test_whatever_would_be_redacted_is_suspected_among_other_lines_too(hidden):
    lines = f"pi_3z63o5JFww1Av12Nq0BvrR9h\n{hidden}\nPOST"

    assert redact(hidden, ["sk_test_1"]) != hidden
    assert may_hide(lines, ("sk_test_1",))


def test_ordinary_identifiers_are_not_suspected():
    assert not may_hide("pi_3z63o5JFww1Av12Nq0BvrR9h\n/v1/payment_intents\nPOST\neur", ("sk_test_1",))
