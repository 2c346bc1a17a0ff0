"""Idempotency-Key: the same answer again for a week, the key echoed, and what is not remembered."""

from badgateway.ground.message import Request
from badgateway.providers.base import key_rules_of

DAY_MS = 86_400_000


def test_the_same_request_is_answered_again_and_charged_once(paid, account):
    first, second = paid(key="k1"), paid(key="k1")

    assert first == second
    assert len(account.book.payments()) == 1
    assert account.answers[0].reply.header("Idempotency-Key") == "k1"


def test_a_refusal_is_remembered(paid, account):
    assert paid(key="k1", holder="DECLINED") == paid(key="k1", holder="DECLINED")
    assert len(account.book.payments()) == 1


def test_a_key_lives_for_a_week(paid, account):
    paid(key="k1")
    account.clock.advance(6 * DAY_MS)
    paid(key="k1")
    early = len(account.book.payments())
    account.clock.advance(2 * DAY_MS)
    paid(key="k1")

    assert key_rules_of(account.dialect).retention_ms == 7 * DAY_MS
    assert (early, len(account.book.payments())) == (1, 2)


def test_an_error_is_not_remembered(ask, account):
    wrong = ask("/payments", {"reference": "o"}, key="k1")
    again = ask("/payments", {"reference": "o"}, key="k1")

    assert wrong[0] == again[0] == 422
    assert wrong[2]["pspreference"] != again[2]["pspreference"]


def test_a_key_of_another_request_is_refused(paid, account):
    paid(key="k1")

    other = paid(key="k1", value=2000)

    assert (other["status"], other["errorCode"]) == (422, "704")
    assert len(account.book.payments()) == 1


def test_a_key_in_flight_may_be_tried_again(account):
    reply = account.dialect.key_in_flight(account)

    assert reply.status == 422
    assert b'"704"' in reply.body
    assert reply.header("transient-error") == "true"


def test_a_long_key_is_refused(ask):
    assert ask("/payments", {}, key="k" * 65)[0] == 400


def test_a_look_has_no_key(account):
    parsed = account.dialect.parse(Request("GET", "/v71/sessions/CS1", "", (("Idempotency-Key", "k"),)))

    assert parsed.key is None
