"""The rules of idempotency keys, one by one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badgateway.ground.attic import Attic
from badgateway.ground.chronicle import BATCH
from badgateway.payments.idempotency import HOUR_MS, Fresh, InFlight, KeyStore, Mismatch, Replay, Rules

DAY_MS = 24 * HOUR_MS


@pytest.fixture
def keys() -> KeyStore[str]:
    return KeyStore[str]()


def test_the_first_request_with_a_key_is_fresh(keys: KeyStore[str]):
    assert keys.begin("k", "a", 0) == Fresh()


def test_a_second_one_is_refused_while_the_first_is_in_flight(keys: KeyStore[str]):
    keys.begin("k", "a", 0)

    assert keys.begin("k", "a", 1) == InFlight()


def test_the_stored_answer_is_replayed(keys: KeyStore[str]):
    keys.begin("k", "a", 0)
    keys.finish("k", "told", is_stored=True)

    assert [keys.begin("k", "a", at) for at in (1, 2)] == [Replay("told")] * 2


@pytest.mark.parametrize("is_finished", [True, False])
def test_a_key_with_other_parameters_is_a_mismatch(keys: KeyStore[str], is_finished: bool):
    keys.begin("k", "a", 0)
    if is_finished:
        keys.finish("k", "told", is_stored=True)

    assert keys.begin("k", "b", 1) == Mismatch()


def test_a_mismatch_leaves_the_stored_answer_alone(keys: KeyStore[str]):
    keys.begin("k", "a", 0)
    keys.finish("k", "told", is_stored=True)
    keys.begin("k", "b", 1)

    assert keys.begin("k", "a", 2) == Replay("told")


def test_an_answer_that_is_not_kept_frees_the_key(keys: KeyStore[str]):
    keys.begin("k", "a", 0)
    keys.finish("k", "malformed", is_stored=False)

    assert keys.begin("k", "b", 1) == Fresh()


def test_an_abandoned_request_frees_the_key(keys: KeyStore[str]):
    keys.begin("k", "a", 0)
    keys.abandon("k")

    assert keys.begin("k", "a", 1) == Fresh()


def test_abandoning_after_the_answer_forgets_nothing(keys: KeyStore[str]):
    keys.begin("k", "a", 0)
    keys.finish("k", "told", is_stored=True)
    keys.abandon("k")

    assert keys.begin("k", "a", 1) == Replay("told")


@pytest.mark.parametrize(("at_ms", "expected"), [(DAY_MS - 1, Replay("told")), (DAY_MS, Fresh())])
def test_a_key_is_forgotten_after_its_retention(keys: KeyStore[str], at_ms: int, expected: object):
    keys.begin("k", "a", 0)
    keys.finish("k", "told", is_stored=True)

    assert keys.begin("k", "a", at_ms) == expected


def test_retention_is_a_rule_of_the_provider():
    keys = KeyStore[str](Rules(retention_ms=10))
    keys.begin("k", "a", 0)
    keys.finish("k", "told", is_stored=True)

    assert keys.begin("k", "b", 10) == Fresh()


def test_one_in_flight_is_not_forgotten_and_does_not_keep_the_others(keys: KeyStore[str]):
    keys.begin("slow", "a", 0)
    keys.begin("done", "a", 1)
    keys.finish("done", "told", is_stored=True)

    assert keys.begin("slow", "a", 2 * DAY_MS) == InFlight()
    assert len(keys) == 1


def test_a_request_without_a_key_is_always_fresh(keys: KeyStore[str]):
    assert keys.begin(None, "a", 0) == Fresh()
    keys.finish(None, "told", is_stored=True)

    assert keys.begin(None, "a", 0) == Fresh()
    assert len(keys) == 0


def test_nothing_can_be_stored_too():
    keys = KeyStore[None]()
    keys.begin("k", "a", 0)
    keys.finish("k", None, is_stored=True)

    assert keys.begin("k", "a", 1) == Replay(None)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("success", True),
        ("decline", True),
        ("server_error", True),
        ("malformed", False),
        ("rate_limit", False),
    ],
)
def test_declines_and_server_errors_are_kept_by_default(kind: str, expected: bool):
    assert Rules().keeps(kind) is expected


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["begin", "begin", "finish", "drop", "abandon", "overwrite", "fill"]),
            st.sampled_from("abcdefgh"),
            st.sampled_from("xy"),
            st.sampled_from([0, 0, 1, HOUR_MS, 30 * HOUR_MS]),
        ),
        max_size=120,
    )
)
@settings(max_examples=100, deadline=None)
def test_a_store_says_what_one_says_that_never_clears_anything_away(story: list[tuple[str, str, str, int]]):
    keys = KeyStore[int](attic=Attic(1))
    plain: dict[str, tuple[str, int, int | None]] = {}  # key -> print, beginning, answer
    now_ms = 0
    for n, (what, key, print_, later_ms) in enumerate(story):
        now_ms += later_ms
        known = plain.get(key)
        if known is not None and known[2] is not None and now_ms - known[1] >= DAY_MS and what == "begin":
            known = plain.pop(key) and None
        if what == "fill":
            plain |= _filled(keys, f"{n} ", now_ms)
        elif what == "begin":
            assert keys.begin(key, print_, now_ms) == _said(known, print_)
            plain.setdefault(key, (print_, now_ms, None))
        elif what in ("finish", "drop") and known is not None and known[2] is None:
            keys.finish(key, n, is_stored=what == "finish")
            plain[key] = (*known[:2], n)
            if what == "drop":
                del plain[key]
        elif what == "abandon":
            keys.abandon(key)
            if known is not None and known[2] is None:
                del plain[key]
        elif what == "overwrite" and known is not None and now_ms - known[1] < DAY_MS:
            keys.overwrite(key, -n)
            plain[key] = (*known[:2], -n if known[2] is not None else None)
    young = [one for one in plain.values() if one[2] is None or now_ms - one[1] < DAY_MS]

    assert len(young) <= len(keys) <= len(plain)


def _filled(keys: KeyStore[int], prefix: str, now_ms: int) -> dict[str, tuple[str, int, int | None]]:
    """Put so many keys in that what was there before goes to the attic."""
    for n in range(2 * BATCH):
        keys.begin(f"{prefix}{n}", "z", now_ms)
        keys.finish(f"{prefix}{n}", n, is_stored=True)
    return {f"{prefix}{n}": ("z", now_ms, n) for n in range(2 * BATCH)}


def _said(known: tuple[str, int, int | None] | None, print_: str) -> object:
    if known is None:
        return Fresh()
    if known[0] != print_:
        return Mismatch()
    return InFlight() if known[2] is None else Replay(known[2])


def test_finishing_what_never_began_is_our_bug(keys: KeyStore[str]):
    with pytest.raises(AssertionError):
        keys.finish("k", "told", is_stored=True)
