"""Identifiers repeat with the seed, the nonce, the kind and the count, and never change between versions."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badgateway.ground.ids import Ids

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"


def letter_by_letter(alphabet, length, *parts):
    """Spell an identifier as slowly and plainly as can be."""
    number = int.from_bytes(hashlib.sha512("\x1f".join(map(str, parts)).encode()).digest(), "big")
    out = ""
    for _ in range(length):
        number, place = divmod(number, len(alphabet))
        out += alphabet[place]
    return out


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (1, ["0", "G"]),
        (14, ["04VWkYUpBRxkM3", "GY0xy1CF7TpHlD"]),
        (23, ["04VWkYUpBRxkM363e8nq2Pr", "GY0xy1CF7TpHlDQ7WZDVO2H"]),
        (24, ["04VWkYUpBRxkM363e8nq2Pri", "GY0xy1CF7TpHlDQ7WZDVO2HR"]),
        (
            56,
            [
                "04VWkYUpBRxkM363e8nq2Pria1iYSe4vPCSLi9jkIag6arKyUvg23U7h",
                "GY0xy1CF7TpHlDQ7WZDVO2HREOjuRNYYD4s7XrJBoTZAsZsCBLrGze9X",
            ],
        ),
    ],
)
def test_an_old_play_is_played_again_with_its_ids(length, expected):
    ids = Ids(7, "abcdef012345")

    assert [ids.make("payment", length) for _ in expected] == expected


def test_an_order_keeps_its_reference():
    assert Ids(7, "abcdef012345").reference("o1") == "omkeup7e4714wa5u"


@given(st.integers(), st.text(max_size=12), st.text(max_size=12), st.integers(1, 80))
def test_letters_are_the_digits_of_one_number_the_lowest_first(seed, nonce, kind, length):
    ids = Ids(seed, nonce)

    assert [ids.make(kind, length) for _ in range(2)] == [
        letter_by_letter(BASE62, length, seed, nonce, kind, count) for count in (1, 2)
    ]
    assert ids.reference(kind) == "o" + letter_by_letter(BASE36, 15, seed, nonce, "order", kind)
