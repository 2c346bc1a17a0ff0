"""Identifiers repeat with seed, nonce, kind and count, so that a kept state finds its own again."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badgateway.ground.ids import Ids


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (1, ["s", "i"]),
        (14, ["EeXBc0EqoMcggW", "jqRJLKkKIGBrfK"]),
        (24, ["2XP9b2shc95rSTDHl1QZm0JB", "0qCdGbQvAkP0JDXCuTIIF2Dz"]),
    ],
)
def test_a_kept_state_comes_out_again_with_its_ids(length, expected):
    ids = Ids(7, "abcdef012345")

    assert [ids.make("payment", length) for _ in expected] == expected


def test_an_order_keeps_its_reference():
    assert Ids(7, "abcdef012345").reference("o1") == "omkeup7e4714wa5u"


@given(st.integers(), st.text(max_size=12), st.text(max_size=12), st.integers(1, 85))
def test_an_id_is_letters_and_digits_as_many_as_asked_for(seed, nonce, kind, length):
    ids, again = Ids(seed, nonce), Ids(seed, nonce)
    made = [ids.make(kind, length) for _ in range(2)]

    assert made == [again.make(kind, length) for _ in range(2)]
    assert all(re.fullmatch(f"[0-9A-Za-z]{{{length}}}", one) for one in made)


def test_an_id_longer_than_a_digest_is_refused():
    with pytest.raises(ValueError, match="digest_size"):
        Ids(7, "abcdef012345").make("payment", 86)


@given(st.lists(st.tuples(st.sampled_from(["payment", "refund"]), st.sampled_from([1, 14, 23, 24, 85]))))
def test_what_is_made_ahead_is_what_one_by_one_would_be(asked):
    """Each is the hash of its own count, however often and in whatever lengths its kind is asked for."""
    ids, counts = Ids(7, "abcdef012345"), Counter()

    for kind, length in asked * 9:
        counts[kind] += 1
        assert ids.make(kind, length) == _spelled(kind, counts[kind], length)


def _spelled(kind, count, length):
    text = f"7\x1fabcdef012345\x1f{kind}\x1f{count}"
    digest = hashlib.blake2b(text.encode(), digest_size=(3 * length + 3) // 4).digest()
    return base64.b64encode(digest, altchars=b"0A").decode()[:length]


@given(st.text(max_size=12), st.text(max_size=12))
def test_plays_seeds_kinds_and_counts_never_share_an_id(nonce, kind):
    made = [
        Ids(seed, nonce + more).make(kind + other)
        for seed in (1, 2)
        for more in ("", "x")
        for other in ("", "y")
    ]

    assert len({*made, *_counted(Ids(3, nonce), kind)}) == len(made) + 50


def _counted(ids, kind):
    return [ids.make(kind) for _ in range(50)]
