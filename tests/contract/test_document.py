"""A provider's document, compiled, says what of a request, an answer or a webhook it does not allow."""

import json

import pytest

from badgateway.contract.document import contract_of
from badgateway.ground.message import Reply, Request
from badgateway.providers import DIALECTS

FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
CARD = "4242424242424242"


def post(body, headers=FORM):
    return Request("POST", "/v1/payments", headers=headers, body=body)


def problems(bank, request):
    return bank.request_problems(bank.operation(request), request)


def answered(bank, status, body):
    request = post(b"amount=1")
    return bank.reply_problems(bank.operation(request), Reply(status, json.dumps(body).encode()))


def test_a_request_that_the_document_allows_has_no_problems(bank):
    assert problems(bank, post(b"amount=4999&note=o1")) == ()
    assert problems(bank, Request("GET", "/v1/payments", query="limit=10")) == ()


def test_one_text_for_a_parameter_that_may_be_a_hash_is_left_open_as_in_openapi(bank):
    assert problems(bank, Request("GET", "/v1/payments", query="created=5")) == ()
    assert problems(bank, Request("GET", "/v1/payments", query="created[gte]=5")) == ()
    assert len(problems(bank, Request("GET", "/v1/payments", query="created[from]=5"))) == 1


def test_an_empty_value_unsets_a_parameter(bank):
    assert problems(bank, post(b"amount=1&note=")) == ()


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (post(b"note=o1"), '"amount" is a required property'),
        (post(b"amount=0"), "amount: "),
        (post(b"amount=much"), "amount: "),
        (post(b"amount=1&curency=eur"), "'curency' was unexpected"),
        (post(b""), "it has no body"),
        (post(b"a=1&a[b]=2"), "a parameter is both a value and a hash"),
        (
            post(b"{}", (("Content-Type", "application/json"),)),
            "its body is application/json, the document takes",
        ),
        (Request("GET", "/v1/payments", query="limit=101"), "limit: "),
        (Request("GET", "/v1/payments", query="offset=1"), "'offset' was unexpected"),
    ],
)
def test_a_request_that_the_document_does_not_allow_is_told(bank, request_, why):
    (problem,) = problems(bank, request_)

    assert why in problem


def test_values_are_not_repeated(bank):
    told = " ".join(problems(bank, post(f"amount={CARD}x&note={CARD}".encode())))

    assert told
    assert CARD not in told


def test_an_address_in_full_comes_before_one_with_an_id(bank):
    assert bank.operation(Request("GET", "/v1/payments/last")).name == "GET /v1/payments/last"
    assert bank.operation(Request("GET", "/v1/payments/pi_1")).name == "GET /v1/payments/{id}"


@pytest.mark.parametrize("request_", [Request("GET", "/v1/refunds"), Request("DELETE", "/v1/payments")])
def test_what_the_document_does_not_speak_of_is_no_operation(bank, request_):
    assert bank.operation(request_) is None


def test_an_answer_that_the_document_promises_has_no_problems(bank):
    assert answered(bank, 200, {"id": "p1", "status": "paid"}) == ()
    assert answered(bank, 402, {"error": {}}) == ()


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (200, {"id": "p1", "status": "payed"}, "status: "),
        (200, {"id": "p1"}, '"status" is a required property'),
        (200, {"id": "p1", "status": "paid", "extra": 1}, "'extra' was unexpected"),
        (402, {"errors": []}, '"error" is a required property'),
        (503, {}, "the status 503 is not in the document"),
    ],
)
def test_an_answer_that_breaks_the_promise_is_told(bank, status, body, why):
    (problem,) = answered(bank, status, body)

    assert why in problem


def test_a_webhook_is_held_to_its_type(bank):
    assert bank.event_problems("payment.paid", b'{"id": "p1", "status": "paid"}') == ()
    assert bank.event_problems("payment.paid", b"<xml/>") == ("its body is no JSON",)
    assert bank.event_problems("payment.lost", b"{}") is None


def test_every_provider_has_one_contract_or_none_and_it_is_read_once():
    for name in DIALECTS.names():
        assert contract_of(name) is contract_of(name)
    assert contract_of("nobody") is None
    assert contract_of("stripe").name == "stripe.openapi.yaml"
