"""The page on which a declared provider asks a shopper, and the way back to the shop."""

import json

import pytest

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.ground.message import Request
from badgateway.payments.book import Book
from badgateway.payments.idempotency import KeyStore
from badgateway.play.account import Account
from badgateway.providers import DIALECTS

KEY = "sk_test_of_the_page"
CHECKOUT = DIALECTS["checkout"]
ENDS = {"success_url": "https://shop.example/thanks?o=1", "failure_url": "https://shop.example/again"}


@pytest.fixture
def account():
    """Give an account at the simulated Checkout.com."""
    clock, ids = Clock(started_ms=1_700_000_000_000), Ids(1, "test")
    return Account(Book(clock, ids), clock, ids, KEY, True, KeyStore(CHECKOUT.key_rules), CHECKOUT)


@pytest.fixture
def ask(account):
    """Give what sends a request to it."""

    def send(method, path, body=b"", *, credential=f"Bearer {KEY}"):
        headers = (
            (("Host", "psp.test"), ("Authorization", credential)) if credential else (("Host", "psp.test"),)
        )
        parsed = CHECKOUT.parse(Request(method, path, "", headers, body))
        return CHECKOUT.answer(parsed, account)

    return send


@pytest.fixture
def pay(ask):
    """Give what pays 49.99 euros, and gives the answer with its body."""

    def send(token="tok_challenge", **more):
        said = {"amount": 4999, "currency": "EUR", "source": {"type": "token", "token": token}}
        answer = ask(
            "POST", "/payments", json.dumps(said | {"3ds": {"enabled": True}, **ENDS} | more).encode()
        )
        return answer, json.loads(answer.reply.body)

    return send


def page_of(told):
    return told["_links"]["redirect"]["href"].removeprefix("http://psp.test/checkout")


def test_a_payment_that_asks_is_answered_with_the_page_and_moves_nothing(pay, ask, account):
    answer, told = pay()

    assert (answer.reply.status, told["status"]) == (202, "Pending")
    assert page_of(told) == f"/sessions-interceptor/{told['id'].replace('pay_', 'sid_')}"
    assert {"approved", "response_code"}.isdisjoint(told)
    assert told["balances"]["total_authorized"] == 0
    shown = json.loads(ask("GET", f"/payments/{told['id']}").reply.body)
    assert shown["_links"]["redirect"] == told["_links"]["redirect"]
    assert list(account.book.ledger.entries()) == []


@pytest.mark.parametrize(
    ("token", "said", "back", "status"),
    [
        ("tok_challenge", b"result=pass", "https://shop.example/thanks?o=1&", "Captured"),
        ("tok_challenge", b"result=fail", "https://shop.example/again?", "Declined"),
        ("tok_challenge_declined", b"result=pass", "https://shop.example/again?", "Declined"),
    ],
)
def test_the_shopper_answers_and_comes_back(pay, ask, token, said, back, status):
    _, told = pay(token)

    answer = ask("POST", page_of(told), said, credential=None)

    session = told["id"].replace("pay_", "sid_")
    assert (answer.reply.status, answer.is_applied) == (303, True)
    assert answer.reply.header("location") == f"{back}cko-session-id={session}"
    now = json.loads(ask("GET", f"/payments/{told['id']}").reply.body)
    assert now["status"] == status
    assert "redirect" not in now["_links"]


def test_a_look_at_the_page_and_nonsense_decide_nothing(pay, ask, account):
    _, told = pay()

    for method, body in (("GET", b""), ("GET", b"result=pass"), ("POST", b""), ("POST", b"\xff=\xfe"),
                         ("POST", b"result=maybe")):  # fmt: skip
        answer = ask(method, page_of(told), body, credential=None)
        assert (answer.reply.status, answer.is_applied) == (200, False)
        assert b"49.99" in answer.reply.body

    assert account.book.payments()[0].status == "action"


def test_a_challenge_ends_once(pay, ask, account):
    _, told = pay()
    ask("POST", page_of(told), b"result=fail", credential=None)

    again = ask("POST", page_of(told), b"result=pass", credential=None)

    assert (again.reply.status, again.is_applied) == (303, False)
    assert again.reply.header("location").startswith(ENDS["failure_url"])
    assert account.book.payments()[0].captured_minor == 0


def test_a_page_of_nobody_is_not_there(ask, account):
    answer = ask("POST", "/sessions-interceptor/sid_unheard", b"result=pass", credential=None)

    assert (answer.reply.status, answer.refusal) == (404, "unknown_object")
    assert not CHECKOUT.holds(("pay_unheard",), account)


def test_without_an_address_of_the_shop_the_page_says_that_it_is_over(pay, ask):
    _, told = pay(success_url=None, failure_url=None)

    answer = ask("POST", page_of(told), b"result=pass", credential=None)

    assert answer.reply.status == 200
    assert b"close this page" in answer.reply.body


@pytest.mark.parametrize("said", [{"enabled": False}, None])
def test_who_asks_for_no_challenge_is_declined(pay, account, said):
    answer, told = pay(**{"3ds": said})

    assert (answer.refusal, told["status"], told["approved"]) == (
        "authentication_required",
        "Declined",
        False,
    )
    assert account.book.payments()[0].captured_minor == 0


def test_a_shopper_who_fails_is_told_of_as_such(pay, ask, account):
    _, told = pay()
    ask("POST", page_of(told), b"result=fail", credential=None)

    told = [one for happening in account.book.drain() for one in CHECKOUT.events(happening, account)]

    types = [one.wire_type for one in told]
    assert types == ["payment_pending", "payment_authentication_failed", "payment_declined"]
    assert [one.name for one in told] == ["payment.action_required", None, "payment.failed"]
    assert {json.loads(one.body)["data"].get("response_code") for one in told} == {None, "20151"}


def test_what_a_shopper_says_is_written_down_without_anything_else(pay):
    _, told = pay()
    headers = (("Host", "psp.test"), ("Cookie", "secret=1"), ("Authorization", "Bearer x"))
    asked = Request("POST", page_of(told), "token=1", headers, b"result=pass&number=4242424242424242")

    kept = CHECKOUT.kept(asked)

    assert (kept.headers, kept.query, kept.body) == ((("Host", "psp.test"),), "", b"result=pass")
    assert CHECKOUT.recalled(kept, KEY) == kept
    assert CHECKOUT.parse(kept).payload == CHECKOUT.parse(asked).payload
