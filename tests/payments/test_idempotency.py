"""The rules of idempotency keys, one by one."""

from __future__ import annotations

import pytest

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


def test_finishing_what_never_began_is_our_bug(keys: KeyStore[str]):
    with pytest.raises(AssertionError):
        keys.finish("k", "told", is_stored=True)
