"""What is refused before anything happens, and how it is worded."""

import base64
import re

import pytest

from badgateway.ground.message import Request


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"amount": None}, 422, "100"),
        ({"amount": {"currency": "EUR", "value": "10"}}, 400, "702"),
        ({"amount": {"currency": "EUR", "value": 0}}, 422, "137"),
        ({"amount": {"currency": "EUR", "value": -5}}, 422, "137"),
        ({"amount": {"currency": "XXX", "value": 5}}, 422, "138"),
        ({"reference": None}, 422, "130"),
        ({"returnUrl": None}, 422, "14_030"),
        ({"paymentMethod": None}, 422, "14_006"),
        ({"paymentMethod": {"type": "scheme", "number": "4111111111111112"}}, 422, "101"),
        ({"paymentMethod": {"type": "scheme", "number": "4532015112830366"}}, 422, "101"),
        ({"merchantAccount": "SomebodyElse"}, 403, "901"),
    ],
)
def test_an_unfit_payment(paid, account, body, status, code):
    error = paid(**body)

    assert (error["status"], error["errorCode"]) == (status, code)
    assert error["errorType"] in {"validation", "security"}
    assert error["pspReference"] == account.answers[-1].reply.header("pspReference")
    assert account.book.payments() == ()


def test_a_wrong_key_is_unauthorised(ask, account):
    status, error, _ = ask("/payments", {}, api_key="wrong")

    assert (status, error["errorCode"], error["errorType"]) == (401, "000", "security")


def test_a_web_service_user_is_known_by_its_password(account):
    user = base64.b64encode(f"ws@Company.Test:{account.api_key}".encode()).decode()
    basic = f"Basic {user}"
    reply = account.serve(Request("POST", "/v71/payments", "", (("Authorization", basic),), b"{}"))

    assert reply.status == 403


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"\xff"])
def test_a_body_that_is_no_object(ask, raw):
    status, error, _ = ask("/payments", raw)

    assert (status, error["errorCode"]) == (400, "702")


@pytest.mark.parametrize("raw", [b'{"a": NaN}', b'{"a": Infinity}', b'{"reference": "\\ud800"}'])
def test_a_body_that_no_answer_could_repeat(ask, raw):
    assert ask("/payments", raw)[1]["errorCode"] == "702"


def test_an_unknown_address(ask):
    assert ask("/nothing", {})[0] == 404


def test_a_method_that_an_address_does_not_have(ask):
    status, error, headers = ask("/payments/AAAAAAAAAAAAAAAA/captures", method="GET")

    assert (status, error["errorType"], headers["allow"]) == (405, "validation", "POST")


@pytest.mark.parametrize("version", ["/v71", "/v72", "/checkout/v71"])
def test_each_version_has_the_same_addresses(ask, version):
    assert ask("/paymentMethods", {}, version=version)[0] == 200


@pytest.mark.parametrize(("status", "code", "transient"), [(500, "905", None), (503, "703", "true")])
def test_trouble_of_the_provider(account, status, code, transient):
    reply = account.dialect.server_error(status, account)

    assert reply.status == status
    assert f'"{code}"'.encode() in reply.body
    assert reply.header("transient-error") == transient


def test_trouble_is_worded_without_an_account(account):
    assert account.dialect.server_error(500, None).header("pspReference") == "0" * 16


def test_card_data_goes_no_further_than_parsing(account):
    sealed = b'"encryptedCardNumber":"test_4532015112830366"'
    body = b'{"paymentMethod":{"number":"4532015112830366","cvc":"919",%s}}' % sealed

    parsed = account.dialect.parse(Request("POST", "/v71/payments", "", (), body))

    assert "4532015112830366" not in repr(parsed)
    # An address in memory may have any three digits in it.
    assert "919" not in re.sub("0x[0-9a-f]+", "", repr(parsed))
