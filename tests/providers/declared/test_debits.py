"""Bank debits at a declared provider: where a source may stand, how it waits, and how a return is told."""

import json

import pytest

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.ground.message import Request
from badgateway.payments.book import Book
from badgateway.payments.commands import Clear, CloseDispute, OpenDispute
from badgateway.payments.idempotency import KeyStore
from badgateway.play.account import Account
from badgateway.providers import DIALECTS
from badgateway.providers.declared.openapi import document_of

KEY = "sk_test_of_debits"
CHECKOUT = DIALECTS["checkout"]


@pytest.fixture
def account():
    """Give an account at the simulated Checkout.com."""
    clock, ids = Clock(started_ms=1_700_000_000_000), Ids(1, "test")
    return Account(Book(clock, ids), clock, ids, KEY, True, KeyStore(CHECKOUT.key_rules), CHECKOUT)


@pytest.fixture
def pay(account):
    """Give what pays 80 dollars from a source, and gives status and body of the answer."""

    def send(source):
        said = {"amount": 8000, "currency": "USD", "source": source}
        headers = (("Host", "psp.test"), ("Authorization", f"Bearer {KEY}"))
        asked = Request("POST", "/payments", "", headers, json.dumps(said).encode())
        reply = CHECKOUT.answer(CHECKOUT.parse(asked), account).reply
        return reply.status, json.loads(reply.body)

    return send


def told(account):
    return [one for happening in account.book.drain() for one in CHECKOUT.events(happening, account)]


def test_a_debit_is_accepted_and_waits_for_the_bank(pay, account):
    status, answer = pay({"type": "id", "id": "src_ach"})

    assert (status, answer["status"], answer["source"]["type"]) == (202, "Pending", "ach")
    assert "redirect" not in answer["_links"]
    assert [one.wire_type for one in told(account)] == ["payment_pending"]


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ({"token": "tok_approved"}, 201),
        ({"token": "", "id": "src_ach"}, 202),
        ({"token": "tok_approved", "id": "src_ach"}, 201),
        ({"type": "id"}, 422),
    ],
)
def test_what_stands_at_the_first_place_counts_and_else_the_other(pay, source, status):
    assert pay(source)[0] == status


def test_the_contract_takes_either_place_and_demands_none():
    schema = document_of(CHECKOUT.spec)["paths"]["/payments"]["post"]["requestBody"]["content"]
    source = schema["application/json"]["schema"]["properties"]["source"]

    assert set(source["properties"]) == {"token", "id"}
    assert "required" not in source


def test_the_end_of_a_debit_is_told_when_the_bank_has_answered(pay, account):
    _, answer = pay({"type": "id", "id": "src_ach"})
    told(account)

    account.book.do(Clear(answer["id"]), "act:test")

    assert [one.wire_type for one in told(account)] == ["payment_approved", "payment_captured"]


def test_a_debit_without_funds_is_declined_in_the_end(pay, account):
    _, answer = pay({"type": "id", "id": "src_ach_no_funds"})
    told(account)

    account.book.do(Clear(answer["id"], is_paid=False), "act:test")

    (event,) = told(account)
    assert (event.wire_type, json.loads(event.body)["data"]["response_code"]) == ("payment_declined", "20051")


@pytest.mark.parametrize(
    ("source", "types", "names"),
    [
        (
            {"id": "src_ach"},
            ["payment_returned", "dispute_lost"],
            ["dispute.opened", "dispute.lost"],
        ),
        (
            {"token": "tok_approved"},
            ["dispute_received", "dispute_evidence_required", "dispute_lost"],
            ["dispute.opened", None, "dispute.lost"],
        ),
    ],
)
def test_what_the_bank_returns_is_told_otherwise_than_what_a_card_disputes(
    pay, account, source, types, names
):
    _, answer = pay(source)
    if answer["status"] == "Pending":
        account.book.do(Clear(answer["id"]), "act:test")
    told(account)

    account.book.do(OpenDispute("dsp_1", answer["id"], reason="insufficient_funds"), "act:test")
    account.book.do(CloseDispute("dsp_1", is_won=False), "act:test")

    events = told(account)
    assert [one.wire_type for one in events] == types
    assert [one.name for one in events] == names
    about = json.loads(events[0].body)["data"]
    assert answer["id"] in {about["id"], about.get("payment_id")}
    assert about["amount"] == 8000
