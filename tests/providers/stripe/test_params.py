"""What a parameter of each kind may be; the texts are compared with what the rules say as patterns."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from badgateway.providers.stripe.errors import Refused
from badgateway.providers.stripe.params import check

INTEGER = re.compile(r"-?[0-9]{1,18}")
METADATA_KEY = re.compile(r"[^\[\]]{1,40}")


def is_taken(value, kind):
    try:
        return check({"it": value}, f"it:{kind}", ())
    except Refused:
        return None


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(alphabet="0123456789-+_ .e\n²٣", max_size=20))
@example("1" * 18)
@example("1" * 19)
@example("-" + "1" * 18)
@example("-" + "1" * 19)
@example("5\n")
def test_an_integer_has_up_to_18_digits_and_nothing_else_but_a_minus(text):
    expected = {"it": int(text)} if INTEGER.fullmatch(text) else None

    assert is_taken(text, "integer") == expected


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(alphabet="ab[]\n é", max_size=5), st.integers(0, 45))
def test_a_key_of_metadata_has_up_to_40_characters_and_no_brackets(start, length):
    key = start.ljust(length, "k")
    expected = {"it": {key: "v"}} if METADATA_KEY.fullmatch(key) else None

    assert is_taken({key: "v"}, "metadata") == expected


@pytest.mark.parametrize("value", [["1"], {"a": "1"}, 5, None, True])
def test_what_is_no_text_is_no_integer(value):
    assert is_taken(value, "integer") is None
